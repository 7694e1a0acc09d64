using System.CommandLine;
using System.Globalization;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;

namespace Diffusion.Mesh.Cli;

/// <summary><c>mesh keys</c>: the file of API keys that <c>--keys</c> of the orchestrator names.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Makes, lists and revokes API keys.") { Add(), List(), Revoke() };

    private static Command Add()
    {
        var file = FileOption();
        var tenant = new Option<string>("--tenant") { Description = "Whom the key is for: jobs and quotas are a tenant's.", Required = true };
        var models = new Option<string[]>("--model") { Description = "A model that may be used; all when none is named." };
        var concurrent = Parsed.Number<double>("--concurrent-cost", "Cost of the jobs that run at once, in steps x pixels x pictures.");
        var perMinute = Parsed.Number<double>("--cost-per-minute", "Cost of the jobs submitted in a minute.");
        var weight = Parsed.Number<double>("--weight", "Share beside other tenants, 0.01 to 100; 1 is normal.");
        var queued = Parsed.Number<int>("--queued-jobs", "How many jobs may wait.");
        var expires = Parsed.Value<DateTimeOffset?>("--expires", "When the key ends, for example 2030-01-31 or 2030-01-31T12:00Z; UTC.", ParseTime);
        var operates = new Option<bool>("--operator") { Description = "The key's holder may see and cancel the jobs of all tenants." };
        var command = new Command("add", "Makes a key and prints it; it is shown this once.")
        {
            file, tenant, models, concurrent, perMinute, weight, queued, expires, operates,
        };
        command.SetAction((result, _) => RunAsync(result, async terminal =>
        {
            var key = ApiKey.Create();
            var hash = KeyHash.Of(key.Secret);
            var entry = new KeyEntry
            {
                Id = key.Id,
                Salt = hash.Salt,
                Hash = hash.Hash,
                Tenant = result.GetValue(tenant)!,
                Models = result.GetValue(models) ?? [],
                Quotas = new Quotas
                {
                    ConcurrentCost = result.GetValue(concurrent),
                    CostPerMinute = result.GetValue(perMinute),
                    Weight = result.GetValue(weight) ?? Quotas.None.Weight,
                    QueuedJobs = result.GetValue(queued),
                },
                Operator = result.GetValue(operates),
                Expires = result.GetValue(expires),
            };
            if (entry.Problems().ToArray() is { Length: > 0 } problems)
                throw new KeyFileException(string.Join(Environment.NewLine, problems));
            KeyFile.Change(result.GetValue(file)!, keys => [.. keys, entry]);
            await terminal.Output.WriteLineAsync(key.Text());
        }));
        return command;
    }

    private static Command List()
    {
        var file = FileOption();
        var command = new Command("list", "Lists the keys, without their secrets.") { file };
        command.SetAction((result, _) => RunAsync(result, async terminal =>
        {
            await terminal.Output.WriteLineAsync($"{"ID",-14}{"TENANT",-24}{"EXPIRES",-22}{"WEIGHT",-8}{"OPERATOR",-10}MODELS");
            foreach (var key in KeyFile.Read(result.GetValue(file)!))
            {
                var ends = key.Expires is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "never";
                await terminal.Output.WriteLineAsync(
                    $"{key.Id,-14}{key.Tenant,-24}{ends,-22}{key.Quotas.Weight,-8}{(key.Operator ? "yes" : ""),-10}{(key.Models.Count == 0 ? "all" : string.Join(", ", key.Models))}");
            }
        }));
        return command;
    }

    private static Command Revoke()
    {
        var file = FileOption();
        var id = new Argument<string>("ID") { Description = "The key's id: what stands between mesh_ and the next _." };
        var command = new Command("revoke", "Takes a key out of the file; servers refuse it within a second.") { id, file };
        command.SetAction((result, _) => RunAsync(result, _ =>
        {
            var revoked = result.GetValue(id);
            KeyFile.Change(result.GetValue(file)!, keys => keys.Any(k => k.Id == revoked)
                ? [.. keys.Where(k => k.Id != revoked)]
                : throw new KeyFileException($"There is no key {revoked}."));
            return Task.CompletedTask;
        }));
        return command;
    }

    private static Option<string> FileOption() => new("--keys") { Description = "The file of keys.", Required = true };

    private static async Task<int> RunAsync(ParseResult result, Func<InvocationConfiguration, Task> work)
    {
        try
        {
            await work(result.InvocationConfiguration);
            return 0;
        }
        catch (KeyFileException e)
        {
            await result.InvocationConfiguration.Error.WriteLineAsync(e.Message);
            return ServiceProgram.WrongOptions;
        }
    }

    private static DateTimeOffset? ParseTime(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new FormatException($"'{text}' is no date; for example 2030-01-31 is expected");
}
