using System.Security.Cryptography;
using System.Text;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Keys of the embedding cache, <c>{revision}:{options}:{sha256}</c>: <c>revision</c> is the model's, <c>options</c> what else the encoder was told (<c>s2</c>: two layers
/// skipped, <c>c</c>: in chunks, <c>w</c>: with attention weights, <c>-</c>: nothing), <c>sha256</c> the text's hash: prompts are private and do not stand in keys.
/// </summary>
internal static class EmbeddingKey
{
    public static string For(ModelFacts model, TextOptions options, string text) =>
        $"{model.Revision}:{Name(options)}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Name(TextOptions options)
    {
        var name = (options.HasClipSkip ? $"s{options.ClipSkip}" : "")
            + (options.LongPrompt == LongPrompt.Chunk ? "c" : "")
            + (options.AttentionWeights ? "w" : "");
        return name.Length > 0 ? name : "-";
    }
}
