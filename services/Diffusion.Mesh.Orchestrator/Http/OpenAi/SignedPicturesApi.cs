using System.Globalization;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Pictures for whoever has a signed address.</summary>
internal sealed class SignedPicturesApi(PictureUrls urls, IJobStore store)
{
    public async Task GetAsync(ApiCall call)
    {
        var id = call.Route("id");
        var index = int.TryParse(call.Route("index"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        await urls.CheckAsync(id, index, call.Query("expires"), call.Query("signature"), call.Cancellation);
        var file = await store.ReadAnyResultAsync(id, index, call.Cancellation)
            ?? throw new ServiceException(ServiceError.NotFound, "This picture is forgotten.");
        // Pages of others may show it: who made them had the address.
        call.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        await PictureResponse.WriteAsync(call, id, index, file);
    }
}
