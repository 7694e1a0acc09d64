using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Requests that are as they should be but for what they carry: pictures and tensors.</summary>
internal static class ContentDoors
{
    private static readonly float[] Numbers =
        [0, 1, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.MinValue, float.Epsilon, 1e30f, -1e30f, 65_504, 65_520];

    public static IReadOnlyList<Door> All { get; } =
    [
        Door("picture to Vae/Encode", 6, s => s.Vae, "Vae/Encode", (dice, _) => With(Messages.EncodeLatents(dice), m => Put(dice, m.Picture))),
        Door("picture to Vae/Decode", 2, s => s.Vae, "Vae/Decode", (dice, _) => With(Messages.Decode(dice), m => Put(dice, m.Composite ??= new PictureInput()))),
        Door("picture to TextEncoder/EncodeImage", 4, s => s.TextEncoder, "TextEncoder/EncodeImage", (dice, _) => With(Messages.EncodeImage(dice), m => m.Image = Picture(dice))),
        Door("picture to Generation/Generate", 6, s => s.Grpc, "Generation/Generate", (dice, _) => Picture(dice, Messages.Generate(dice))),
        Door("tensors to Vae/Decode", 3, s => s.Vae, "Vae/Decode", (dice, _) => With(Messages.Decode(dice), m => Fill(dice, m.Latents))),
        Door("tensors to Unet/Denoise", 4, s => s.Unet, "Unet/Denoise", (dice, s) => new DenoiseRequest { Job = With(Messages.Denoise(dice, s.Revision), m => Fill(dice, m)) }),
        Door("tensors to Generation/Generate", 2, s => s.Grpc, "Generation/Generate", (dice, _) => With(Messages.Generate(dice), m => Outside(dice, m))),
        new("picture to POST /api/jobs", 3, Json),
    ];

    private static Door Door(string name, int weight, Func<Server, Uri> at, string method, Func<Dice, Server, IMessage> make) => new(
        name,
        weight,
        (dice, server, _) => new GrpcShot(
            at, $"/diffusion.mesh.v1.{method}", GrpcShot.Frame(make(dice, server).ToByteArray()), GrpcHeaders.Good(server), _ => true),
        FindsNothing: true);

    private static Shot Json(Dice dice, Server server, bool change)
    {
        var json = new JsonObject
        {
            ["source"] = new JsonObject { ["image"] = Convert.ToBase64String(change ? Pictures.Hostile(dice) : Pictures.Png) },
            ["schedule"] = new JsonObject { ["steps"] = 1 },
            ["strength"] = 1,
        };
        return new HttpRequestText("POST", "/api/jobs", Encoding.UTF8.GetBytes(JsonMutator.Text(json))).Shot(dice, change: false);
    }

    private static GenerateRequest Picture(Dice dice, GenerateRequest request)
    {
        (request.Conditioning, request.Candidates) = (null, 1);
        request.ClearCandidates();
        if (dice.Chance(0.3))
            request.ImagePrompt = new ImagePrompt { Image = Picture(dice), TextWeight = 0.5 };
        else
            Put(dice, request.Source ??= new PictureInput());
        return request;
    }

    private static void Put(Dice dice, PictureInput input)
    {
        if (dice.Chance(0.7))
            input.Image = Picture(dice);
        else
            (input.Image, input.Mask) = (ByteString.CopyFrom(Pictures.Png), Picture(dice));
    }

    private static ByteString Picture(Dice dice) => UnsafeByteOperations.UnsafeWrap(Pictures.Hostile(dice));

    private static void Outside(Dice dice, GenerateRequest request)
    {
        var tensor = Messages.Denoise(dice, "").Positive;
        Fill(dice, tensor.Tensors[0].Tensor);
        (request.Prompt, request.GuidanceScale, request.ImagePrompt, request.Conditioning) = ("", 1, null, new OutsideConditioning { Positive = tensor });
        request.ClearCandidates();
    }

    private static void Fill(Dice dice, DenoiseJob job)
    {
        foreach (var tensor in new[] { job.State?.Latents, job.Source?.Latents.Mean, job.Inpainting?.Mask, job.Positive.Tensors[0].Tensor }.OfType<Tensor>())
        {
            if (dice.Chance(0.5))
                Fill(dice, tensor);
        }
    }

    // Of the right size, so that it is what it says.
    private static void Fill(Dice dice, Tensor tensor)
    {
        var data = tensor.Data.ToByteArray();
        for (var i = 0; i + 4 <= data.Length; i += 4)
        {
            if (dice.Chance(0.1))
                BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i), dice.Pick(Numbers));
        }

        tensor.Data = UnsafeByteOperations.UnsafeWrap(data);
    }

    private static T With<T>(T message, Action<T> change)
    {
        change(message);
        return message;
    }
}
