using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Jobs of the caller's tenant.</summary>
internal sealed class JobsApi(Generations generations, JobBody body, IJobStore store)
{
    public async Task SubmitAsync(ApiCall call)
    {
        var (request, deadline) = await body.ReadAsync(call);
        var (id, _) = await generations.SubmitAsync(request, call.Caller, deadline);
        call.Response.Headers.Location = $"/api/jobs/{id}";
        await ApiJson.WriteAsync(call, await generations.GetAsync(call.Caller, id, call.Cancellation), StatusCodes.Status202Accepted);
    }

    public async Task GetAsync(ApiCall call) => await ApiJson.WriteAsync(call, await generations.GetAsync(call.Caller, call.Route("id"), call.Cancellation));

    public async Task ListAsync(ApiCall call)
    {
        var request = new ListJobsRequest { PageToken = call.Query("page_token") };
        var problems = new List<FieldProblem>();
        if (call.Query("page_size") is { Length: > 0 } size)
        {
            if (int.TryParse(size, out var number))
                request.PageSize = number;
            else
                problems.Add(new("page_size", "It must be a whole number."));
        }

        if (call.Query("state") is { Length: > 0 } state)
        {
            var states = ListJobsRequest.Descriptor.FindFieldByName("state").EnumType;
            if (MessageFields.Value(states, state) is { } value)
                request.State = (V1.JobState)value.Number;
            else
                problems.Add(new("state", $"It must be one of {string.Join(", ", MessageFields.Names(states))}."));
        }

        if (problems.Count > 0)
            throw RichErrors.BadRequest(problems);
        await ApiJson.WriteAsync(call, await generations.ListAsync(call.Caller, request, call.Cancellation));
    }

    public async Task CancelAsync(ApiCall call)
    {
        await generations.CancelAsync(call.Caller.Tenant, call.Route("id"), call.Cancellation);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task PictureAsync(ApiCall call)
    {
        var id = call.Route("id");
        var file = int.TryParse(call.Route("index"), out var index) ? await store.ReadResultAsync(call.Caller.Tenant, id, index, call.Cancellation) : null;
        if (file is not { } bytes)
            throw new ServiceException(ServiceError.NotFound, "There is no such picture, or it is forgotten.");
        await PictureResponse.WriteAsync(call, id, index, bytes);
    }
}
