using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A job's canvas: its size, and the picture it starts from.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Source">What the VAE's encoder made of the picture; null: noise alone.</param>
/// <param name="Input">The picture with its size settled; null: noise alone.</param>
internal sealed record Canvas(uint Width, uint Height, EncodeImageToLatentsResponse? Source, PictureInput? Input);

/// <summary>The picture that a job starts from, as latents.</summary>
internal sealed class SourceReading(WorkerCalls workers, ServiceOptions options, ServiceTelemetry telemetry)
{
    public async Task<Canvas> ReadAsync(Job job)
    {
        var request = job.Request;
        if (request.Source is not { } source)
            return new Canvas((uint)request.Width, (uint)request.Height, null, null);

        using var span = telemetry.Start(TelemetryNames.SourceSpan);
        var input = source.Input.Clone();
        (input.Width, input.Height, input.Multiple) = ((uint)request.Width, (uint)request.Height, (uint)request.Model.SizeMultiple);
        var message = new EncodeImageToLatentsRequest { Model = request.Model.Name, ModelRevision = request.Model.Revision, Picture = input };
        var read = await workers.CallAsync<EncodeImageToLatentsResponse>(WorkerCall.For(WorkerRole.Vae, job), async attempt =>
            await new Vae.VaeClient(attempt.Invoker).EncodeAsync(message, attempt.Options));
        var problems = ModelFit.Sides(request.Model, options, read.Width, read.Height).ToArray();
        return problems.Length == 0 ? new Canvas(read.Width, read.Height, read, input) : throw RichErrors.BadRequest(problems);
    }
}
