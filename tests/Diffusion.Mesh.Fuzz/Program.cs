using System.CommandLine;
using Diffusion.Mesh.Fuzz;

if (args is [TargetHost.Command, .. var rest])
    return await TargetHost.RunAsync(rest.FirstOrDefault());

var cases = new Option<int>("--cases") { Description = "How many cases.", DefaultValueFactory = _ => 2000 };
var seed = new Option<int>("--seed") { Description = "Of all chance: the cases of a seed are always the same.", DefaultValueFactory = _ => 1 };
var parallel = new Option<int>("--parallel") { Description = "Cases under way at once.", DefaultValueFactory = _ => 12 };
var only = new Option<long?>("--case") { Description = "Send this one alone, and tell what is sent." };
var redis = new Option<string?>("--redis") { Description = "Keep jobs in this Redis, HOST:PORT, and not in memory." };
var command = new RootCommand("Sends what no good client sends to every door of the four services.") { cases, seed, parallel, only, redis };
command.SetAction((result, _) =>
{
    var run = new FuzzRun(new FuzzOptions(result.GetValue(cases), result.GetValue(seed), result.GetValue(parallel), result.GetValue(redis)), Console.Out);
    return result.GetValue(only) is { } number ? run.RunAsync(number) : run.RunAsync();
});
return await command.Parse(args).InvokeAsync();
