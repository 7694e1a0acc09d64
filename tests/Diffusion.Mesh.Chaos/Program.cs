using System.CommandLine;
using Diffusion.Mesh.Chaos;

var minutes = new Option<double>("--minutes") { Description = "How long faults go on.", DefaultValueFactory = _ => 2 };
var seed = new Option<int>("--seed") { Description = "Draws the faults and what is asked for.", DefaultValueFactory = _ => 1 };
var clients = new Option<int>("--clients") { Description = "Clients at once.", DefaultValueFactory = _ => 8 };
var command = new RootCommand("Keeps clients generating while faults are picked at random, and counts what was lost or came out wrong.") { minutes, seed, clients };
command.SetAction(parsed => ChaosRun.RunAsync(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(seed), parsed.GetValue(clients)));
return await command.Parse(args).InvokeAsync();
