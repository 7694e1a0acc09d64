using System.Text.Json;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Reads what a call asks for, and reports everything wrong with it at once, under OpenAI's names.</summary>
internal sealed class ImageBody(RequestParser parser, LargeBodies bodies)
{
    private const long LargestJson = 1 << 20;

    // Two files and the other fields.
    private const long LargestForm = 2L * FormReader.MaxFile + (1 << 20);

    private const string Image = "image";
    private const string Images = "image[]";

    /// <exception cref="RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public Task<ImageWish> ReadAsync(ApiCall call, ImageCall kind) => kind == ImageCall.Generation
        ? bodies.ReadAsync(call, LargestJson, async cancellation =>
        {
            using var document = await JobBody.ParseAsync(call.Request.Body, cancellation);
            return Read(Fields(document.RootElement), call, kind);
        })
        : bodies.ReadAsync(call, LargestForm, async cancellation => Read(await FormReader.ReadAsync(call.Request, cancellation), call, kind));

    private ImageWish Read(IReadOnlyList<(string Name, FieldValue Value)> fields, ApiCall call, ImageCall kind)
    {
        var wish = new ImageWish(kind);
        wish.Request.RequestId = call.Request.Headers["Idempotency-Key"].ToString();
        var problems = new List<FieldProblem>();
        foreach (var group in fields.GroupBy(f => f.Name == Images ? Image : f.Name, StringComparer.Ordinal))
        {
            if (group.Skip(1).Any())
                problems.Add(new(group.Key, group.Any(f => f.Name == Images) ? "One picture is taken, not several." : "It is there more than once."));
            else if (ImageFields.Read(group.Key, group.First().Value, wish) is { } problem)
                problems.Add(new(group.Key, problem));
        }

        problems.AddRange(wish.Complete().Where(p => problems.All(known => known.Field != p.Field)));
        problems.AddRange(Check(wish).Where(p => problems.All(known => known.Field != p.Field)));
        return problems.Count == 0 ? wish : throw RichErrors.BadRequest(problems);
    }

    // All at once, also what the request as a whole has wrong.
    private FieldProblem[] Check(ImageWish wish)
    {
        try
        {
            var valid = parser.Parse(wish.Request);
            var begins = valid.Source is { } source ? valid.Sampler.StartForStrength(source.Strength) : 0;
            wish.AskForPreviews(valid.Sampler.Evaluations.Count - begins);
            return [];
        }
        catch (RpcException e)
        {
            return [.. RichErrors.Problems(e).Select(OpenAiErrors.Rename).Distinct()];
        }
    }

    private static List<(string Name, FieldValue Value)> Fields(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw RichErrors.BadRequest([new("body", "It must be an object.")]);
        try
        {
            // What is null is absent.
            return [.. json.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => (p.Name, new FieldValue(p.Value.Clone())))];
        }
        catch (InvalidOperationException)
        {
            throw RichErrors.BadRequest([new("body", "A field's name is no valid text.")]);
        }
    }
}
