using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Diffusion.Mesh.Fuzz;

/// <summary>One run: rounds of cases, and after each a good client and a look at the target.</summary>
internal sealed class FuzzRun(FuzzOptions options, TextWriter output)
{
    private const int Rounds = 40;
    private const int LeastOfARound = 50;
    private const int MostOfARound = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Findings _findings = new(output);
    private readonly MemoryCourse _memory = new();
    private readonly Canary _canary = new();
    private readonly ConcurrentDictionary<long, string> _underWay = new();

    /// <returns>0 where nothing was found.</returns>
    public async Task<int> RunAsync()
    {
        var target = await TargetProcess.StartAsync(options.Redis, CancellationToken.None);
        try
        {
            await _canary.SingAsync(target.Server);
            await CheckDoorsAsync(target);
            var round = Math.Clamp(options.Cases / Rounds, LeastOfARound, MostOfARound);
            for (long first = 0; first < options.Cases; first += round)
            {
                await RoundAsync(target, first, Math.Min(round, options.Cases - first));
                if (!target.IsAlive)
                {
                    await target.DisposeAsync();
                    target = await TargetProcess.StartAsync(options.Redis, CancellationToken.None);
                    _memory.Restart();
                }
            }
        }
        finally
        {
            await target.DisposeAsync();
        }

        output.WriteLine($"Statuses: {_findings.Statuses}");
        output.WriteLine($"Memory in MiB, managed/resident: {_memory}");
        output.WriteLine(FormattableString.Invariant(
            $"RESULT name=fuzz cases={options.Cases} crashes={_findings.Crashes} hangs={_findings.Hangs} wrong_status={_findings.WrongStatuses} memory_ratio={_memory.Ratio:0.###}"));
        return _findings.IsClean && _memory.Ratio <= MemoryCourse.MostGrowth ? 0 : 1;
    }

    /// <summary>Sends one case alone, and tells of it.</summary>
    public async Task<int> RunAsync(long number)
    {
        await using var target = await TargetProcess.StartAsync(options.Redis, CancellationToken.None);
        await _canary.SingAsync(target.Server);
        var (door, shot) = Door.Case(options.Seed, number, target.Server);
        output.WriteLine($"{door.Name}\n{shot.Describe()}\n");
        await SendAsync(target.Server, number);
        await LookAsync(target, $"case {number}");
        output.WriteLine($"Statuses: {_findings.Statuses}");
        return _findings.IsClean ? 0 : 1;
    }

    // A door that takes nothing good tests nothing.
    private async Task CheckDoorsAsync(TargetProcess target)
    {
        using (var http = new HttpClient())
        {
            foreach (var missing in Completeness.Missing(await http.GetStringAsync(new Uri(target.Server.Http, "/openapi.json"))))
                _findings.Disturbed($"{missing} has no door.");
        }

        foreach (var door in Door.All)
        {
            using var patience = new CancellationTokenSource(Patience);
            // Of older jobs no spans are kept.
            await _canary.SingAsync(target.Server);
            for (var number = 0; number < 4; number++)
            {
                var answer = await door.Make(new Dice(options.Seed, number), target.Server, false).SendAsync(target.Server, patience.Token);
                if (!answer.IsGood && !door.FindsNothing && answer.Status != "CLOSED")
                    _findings.Disturbed($"{door.Name} does not take what is good: {answer.Status} {answer.Text}");
            }
        }

        await LookAsync(target, "good requests");
    }

    private async Task RoundAsync(TargetProcess target, long first, long count)
    {
        var numbers = Enumerable.Range(0, (int)count).Select(i => first + i);
        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, async (number, _) => await SendAsync(target.Server, number));
        await LookAsync(target, $"cases {first} to {first + count - 1}");
        if (!target.IsAlive)
            return;
        if (await _canary.SingAsync(target.Server) is { } wrong)
            _findings.Disturbed($"{wrong} (after case {first + count - 1})");
        _memory.Add(await target.MemoryAsync(CancellationToken.None));
    }

    private async Task SendAsync(Server server, long number)
    {
        var (door, shot) = Door.Case(options.Seed, number, server);
        using var patience = new CancellationTokenSource(Patience);
        _underWay[number] = door.Name;
        try
        {
            _findings.Answered(door.Name, number, await shot.SendAsync(server, patience.Token));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            _findings.Hung(door.Name, number);
        }
        catch (SocketException e)
        {
            // Nobody listens: the look at the target tells why.
            _findings.Answered(door.Name, number, new Answer($"{e.SocketErrorCode}"));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _findings.Answered(door.Name, number, new Answer(e.GetType().Name, IsWrong: true, Text: $"{e.Message} {e.InnerException}"));
        }
        finally
        {
            _underWay.TryRemove(number, out var _);
        }
    }

    private async Task LookAsync(TargetProcess target, string during)
    {
        // What is logged after an answer comes a moment later.
        await Task.Delay(TimeSpan.FromMilliseconds(20));
        foreach (var error in target.TakeErrors())
            _findings.Logged(error, during);
        if (!target.IsAlive)
            _findings.Crashed(target.LastWords, $"{during}, doors {string.Join(", ", _underWay.Values)}");
    }
}
