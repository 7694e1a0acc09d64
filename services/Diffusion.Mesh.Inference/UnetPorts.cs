using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Inference;

/// <summary>
/// Which of a UNet file's inputs and outputs is what: by the name that the usual exporters give, else, where only one can be meant, by its rank.
/// </summary>
internal sealed class UnetPorts
{
    private const string Context = "encoder_hidden_states";
    private const int ContextRank = 3;
    private const int PictureRank = 4;

    /// <exception cref="ModelFormatException">An input or output is missing or has another rank, or the batch has a fixed size above 1.</exception>
    public UnetPorts(OnnxPart part, UnetFacts facts)
    {
        Sample = Find(part.Inputs, "sample", port => port.Rank == PictureRank);
        Timestep = Find(part.Inputs, "timestep", port => port.Rank <= 1);
        Output = Find(part.Outputs, "out_sample", port => port.Rank == PictureRank);
        part.Input(Timestep);
        part.Output(Output);
        if (part.Input(Sample).Rank != PictureRank)
            throw new ModelFormatException(part.Model, part.Path, $"takes latents {part.Input(Sample)}, not [rows, channels, height, width]");
        if (part.Input(Sample).Dimensions[0] > 1)
            throw new ModelFormatException(part.Model, part.Path, "takes batches of one size only: export it with a free batch axis");

        var others = part.Inputs.Where(input => input.Key != Sample && input.Key != Timestep).ToDictionary();
        var context = Find(others, Context, port => port.Rank == ContextRank);
        FileNames = others.Keys.ToDictionary(name => name == context ? Context : name);
        Conditioning = FileNames.ToDictionary(name => name.Key, name => Lengths(name.Key, others[name.Value], facts));
    }

    public string Sample { get; }

    public string Timestep { get; }

    public string Output { get; }

    /// <summary>Every input but latents and timestep, by the name that callers use.</summary>
    public IReadOnlyDictionary<string, PortFacts> Conditioning { get; }

    /// <summary>From the name that callers use to the file's.</summary>
    public IReadOnlyDictionary<string, string> FileNames { get; }

    private static string Find(IReadOnlyDictionary<string, PortFacts> ports, string name, Func<PortFacts, bool> isLikely)
    {
        if (ports.ContainsKey(name))
            return name;
        string[] likely = [.. ports.Where(port => isLikely(port.Value)).Select(port => port.Key)];
        return likely.Length == 1 ? likely[0] : name;
    }

    // An exporter may leave every length free; the model's configuration knows some of them all the same.
    private static PortFacts Lengths(string name, PortFacts port, UnetFacts facts)
    {
        int[] known = name switch
        {
            Context => [0, 0, facts.ContextWidth],
            "timestep_cond" => [0, facts.GuidanceEmbeddingWidth],
            _ => [],
        };
        return port.Rank != known.Length
            ? port
            : port with { Dimensions = [.. port.Dimensions.Select((length, i) => length < 1 && known[i] > 0 ? known[i] : length)] };
    }
}
