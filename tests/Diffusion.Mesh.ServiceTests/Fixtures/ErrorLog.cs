using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Listens to the services' logs: an Error is our own fault, so a test that did not expect it fails.</summary>
public sealed class ErrorLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Everything that was logged, at Information and above.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Makes a service log here and nowhere else.</summary>
    public void Attach(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        // By instance: the container disposes what it makes, and this outlives any one service.
        builder.Services.AddSingleton<ILoggerProvider>(this);
    }

    public void AssertNoErrors()
    {
        string[] errors = [.. _errors];
        _errors.Clear();
        Assert.True(errors.Length == 0, string.Join(Environment.NewLine, errors));
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(ErrorLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var line = $"{logLevel} {category}: {formatter(state, exception)} {exception}";
            log._lines.Enqueue(line);
            if (logLevel >= LogLevel.Error)
                log._errors.Enqueue(line);
        }
    }
}
