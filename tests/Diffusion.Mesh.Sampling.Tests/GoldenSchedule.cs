using System.Text.Json;

namespace Diffusion.Mesh.Sampling.Tests;

/// <summary>One case of schedulers.json.</summary>
internal sealed class GoldenSchedule
{
    private readonly JsonElement _case;

    private GoldenSchedule(JsonElement golden) => _case = golden;

    public static IReadOnlyList<GoldenSchedule> All { get; } =
        [.. Goldens.Cases("schedulers.json").EnumerateArray().Select(golden => new GoldenSchedule(golden))];

    public string Id => Text("id");

    public string ClassName => Text("scheduler");

    public ulong Seed => _case.GetProperty("seed").GetUInt64();

    public int Calls => _case.GetProperty("calls").GetInt32();

    public double InitialNoiseSigma => _case.GetProperty("init_noise_sigma").GetDouble();

    public float[] Timesteps => _case.GetProperty("timesteps").Floats();

    /// <summary>Null for the schedulers that have no such table.</summary>
    public float[]? Sigmas => _case.TryGetProperty("sigmas", out var sigmas) ? sigmas.Floats() : null;

    public float[] Initial => _case.GetProperty("initial").Floats();

    public JsonElement? AddNoise => _case.TryGetProperty("add_noise", out var add) ? add : null;

    /// <summary>The sample after chosen calls.</summary>
    public IReadOnlyDictionary<int, float[]> Samples =>
        _case.GetProperty("samples").EnumerateObject().ToDictionary(sample => int.Parse(sample.Name), sample => sample.Value.Floats());

    public static GoldenSchedule Find(string name) => All.First(golden => golden.ToString() == name);

    public ISampler CreateSampler()
    {
        var config = SchedulerConfig.Parse(JsonSerializer.SerializeToUtf8Bytes(_case.GetProperty("config")));
        double? eta = _case.GetProperty("run").TryGetProperty("eta", out var value) ? value.GetDouble() : null;
        return Samplers.Create(config with { ClassName = ClassName }, new() { Steps = _case.GetProperty("steps").GetInt32(), Eta = eta });
    }

    public override string ToString() => $"{Id} {ClassName}";

    private string Text(string name) => _case.GetProperty(name).GetString()!;
}
