using System.Security.Cryptography;
using System.Text;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Keys of the embedding cache:
/// <list type="table">
/// <item><term><c>mesh:embedding:v1:{revision}:{options}:{sha256}</c></term><description>an <c>EncodedText</c> message in protobuf's binary form</description></item>
/// </list>
/// <c>v1</c> is the version of this schema, <c>revision</c> the model's, <c>options</c> what else the encoder was told (<c>-</c>: nothing), <c>sha256</c> the
/// text's hash: prompts are private and do not stand in keys.
/// </summary>
internal static class EmbeddingKey
{
    public static string For(ModelFacts model, string text) =>
        $"mesh:embedding:v1:{model.Revision}:-:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
