using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Takes work once Redis has answered and is fit to keep jobs. One that is not there yet is waited for, since both may be started together; one that
/// must not be used ends the process.
/// </summary>
internal sealed partial class ReadyWithRedis(
    RedisConnection redis, Readiness readiness, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ReadyWithRedis> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                foreach (var warning in await RedisRequirements.CheckJobsAsync(redis, stoppingToken))
                    LogWarning(warning);
                readiness.SetReady();
                return;
            }
            catch (StateUnavailableException e)
            {
                LogAway(e.Message);
            }
            catch (StateUnfitException e)
            {
                LogUnfit(e.Message);
                readiness.SetFailed(e);
                Environment.ExitCode = ServiceProgram.Failed;
                // Not before the start is over: to be stopped in the middle of it the host reports as an error of its own.
                lifetime.ApplicationStarted.Register(lifetime.StopApplication);
                return;
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    [LoggerMessage(233, LogLevel.Warning, "{Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(234, LogLevel.Warning, "No work is taken before Redis answers: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(235, LogLevel.Critical, "{Reason}")]
    private partial void LogUnfit(string reason);
}
