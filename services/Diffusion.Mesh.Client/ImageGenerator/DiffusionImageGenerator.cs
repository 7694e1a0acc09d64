using System.Diagnostics.CodeAnalysis;
using Diffusion.Mesh.V1;
using Microsoft.Extensions.AI;

namespace Diffusion.Mesh.Client;

/// <summary>
/// A cluster behind <see cref="IImageGenerator"/>. Of <see cref="ImageGenerationOptions.AdditionalProperties"/> it knows those of <see cref="ImageRequest.Properties"/>; one original
/// image is what is painted over. What it does not know it refuses by name.
/// </summary>
/// <param name="client">Of the cluster; it is disposed with this.</param>
/// <param name="defaultModel">The model where the options name none; null: the server's default.</param>
[Experimental("MEAI001")]
public sealed class DiffusionImageGenerator(MeshClient client, string? defaultModel = null) : IImageGenerator
{
    private readonly ImageGeneratorMetadata _metadata = new("diffusion_mesh", client.Server, defaultModel);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The request asks for something that is not known here, with all such things named.</exception>
    /// <exception cref="MeshException">The job failed, or no server answers.</exception>
    public async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var wish = options?.RawRepresentationFactory?.Invoke(this) as GenerateRequest ?? new GenerateRequest();
        ImageRequest.Fill(wish, request, options, defaultModel);
        var made = await client.GeneratePicturesAsync(wish, cancellationToken: cancellationToken);
        return new ImageGenerationResponse([.. made.Pictures.Select(p => (AIContent)new DataContent(p.File, ImageRequest.MediaType(p.Format)))])
        {
            RawRepresentation = made,
            Usage = new UsageDetails { InputTokenCount = made.Done.PromptTokens },
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(ImageGeneratorMetadata) ? _metadata
            : serviceType == typeof(MeshClient) ? client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
