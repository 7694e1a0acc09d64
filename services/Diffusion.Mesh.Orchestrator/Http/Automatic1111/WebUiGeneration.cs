using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Makes pictures for clients that wait for them. One that leaves ends its job.</summary>
internal sealed class WebUiGeneration(AttendedJobs attended, JobBody body, WebUiReader reader, WebUiModels models, WebUiJobs jobs, TimeProvider time)
{
    public Task TextToImageAsync(ApiCall call) => GenerateAsync(call, WebUiFields.TextToImage);

    public Task ImageToImageAsync(ApiCall call) => GenerateAsync(call, WebUiFields.ImageToImage);

    private async Task GenerateAsync(ApiCall call, IReadOnlyList<WebUiField> fields)
    {
        var model = await models.ChosenAsync(call.Caller, call.Cancellation);
        var wish = await body.ReadAsync(call, json => reader.Read(json, fields, model));
        var pictures = new WebUiPictures();
        IDisposable? attendance = null;
        try
        {
            await attended.RunOnceAsync(wish.Request, call.Caller, DateTimeOffset.MaxValue, pictures, Accept, canReturn: false, call.Cancellation);
        }
        catch (RpcException e) when (RichErrors.Problems(e) is { Count: > 0 } problems)
        {
            throw RichErrors.BadRequest([.. WebUiErrors.Renamed(problems)]);
        }
        finally
        {
            attendance?.Dispose();
        }

        await ApiJson.WriteAsync(call, WebUiAnswer.Of(wish, pictures, time.GetUtcNow()));

        void Accept(string job) => attendance = jobs.Attend(job, pictures);
    }
}
