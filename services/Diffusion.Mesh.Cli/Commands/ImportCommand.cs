using System.CommandLine;
using System.Globalization;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Import;

namespace Diffusion.Mesh.Cli;

/// <summary><c>mesh import</c>: a checkpoint in safetensors to a model folder that is served.</summary>
internal static class ImportCommand
{
    private const string Float16 = "float16";

    public static Command Create()
    {
        var source = new Argument<string>("FILE|FOLDER") { Description = "A .safetensors file, the index of its shards, or a diffusers folder." };
        var output = new Option<string>("--output", "-o") { Description = "The model folder to make, for example models/NAME.", Required = true };
        var half = Parsed.Value("--dtype", "float32, or float16 for accelerators; float32 if not given.", ParseType);
        var family = new Option<string?>("--family") { Description = "sd15, sd21 or sdxl; recognised if not given." };
        var prediction = Parsed.Value("--prediction", "epsilon or v_prediction; recognised if not given.", ParsePrediction);
        var config = new Option<string?>("--config") { Description = "A diffusers folder whose configurations belong to the model." };
        var tokenizer = new Option<string?>("--tokenizer") { Description = "A folder with vocab.json and merges.txt, where the model has none." };
        var loras = new Option<string[]>("--lora") { Description = "FILE:WEIGHT, a LoRA to merge; weight 1 if not given. Can be given several times." };
        var unmatched = new Option<bool>("--allow-unmatched") { Description = "Leave out what of a LoRA fits nothing in the model." };
        var embeddings = new Option<string[]>("--embedding") { Description = "A textual inversion. Can be given several times." };
        var link = new Option<bool>("--link") { Description = "Point to weights in the source instead of copying them, where their type fits." };
        var command = new Command("import", "Makes a model folder of a checkpoint.")
        {
            source, output, half, family, prediction, config, tokenizer, loras, unmatched, embeddings, link,
        };
        command.SetAction((result, cancellation) => RunAsync(
            new ImportRequest(result.GetValue(source)!, result.GetValue(output)!)
            {
                Half = result.GetValue(half) == Float16,
                Family = result.GetValue(family),
                Prediction = result.GetValue(prediction),
                Config = result.GetValue(config),
                Tokenizer = result.GetValue(tokenizer),
                Loras = [.. (result.GetValue(loras) ?? []).Select(ParseLora)],
                AllowUnmatched = result.GetValue(unmatched),
                Embeddings = result.GetValue(embeddings) ?? [],
                Link = result.GetValue(link),
            },
            result.InvocationConfiguration,
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ImportRequest request, InvocationConfiguration terminal, CancellationToken cancellation)
    {
        var observer = new ImportProgress(terminal.Output, terminal.Error);
        try
        {
            var started = TimeProvider.System.GetTimestamp();
            var summary = await Task.Run(() => ModelImporter.Import(request, observer, cancellation), cancellation);
            observer.Clear();
            var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
            await terminal.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Parameters:N0} parameters, {summary.TensorsUsed} tensors used, {summary.Leftovers} left over, {summary.Bytes / 1e6:N0} MB, {seconds:0.0} s"));
            return 0;
        }
        catch (ImportException e)
        {
            observer.Clear();
            await terminal.Error.WriteLineAsync(e.Message);
            return ServiceProgram.WrongOptions;
        }
        catch (OperationCanceledException)
        {
            observer.Clear();
            await terminal.Error.WriteLineAsync("Cancelled; nothing was written.");
            return ServiceProgram.Failed;
        }
    }

    // Not a bool: the library would take its text for another argument.
    private static string? ParseType(string text) =>
        text is Float16 or "float32" ? text : throw new FormatException($"'{text}' is neither float32 nor float16");

    private static string? ParsePrediction(string text) =>
        text is "epsilon" or "v_prediction" ? text : throw new FormatException($"'{text}' is neither epsilon nor v_prediction");

    /// <summary>What follows the last colon is the weight if it is a number; else the colon belongs to the path.</summary>
    private static (string, double) ParseLora(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && double.TryParse(text[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) && double.IsFinite(weight)
            ? (text[..colon], weight)
            : (text, 1);
    }
}
