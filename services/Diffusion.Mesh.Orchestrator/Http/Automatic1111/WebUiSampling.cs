using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Steps, sampler and schedule of a request to AUTOMATIC1111's API.</summary>
internal static class WebUiSampling
{
    private const string Automatic = "Automatic";

    /// <summary>Fills in what the request says.</summary>
    /// <returns>The schedule's name.</returns>
    public static string Read(WebUiValues values, GenerateRequest request)
    {
        var (field, name) = values.Text("sampler_name") is { } given ? ("sampler_name", given) : ("sampler_index", values.Text("sampler_index"));
        var (sampler, suffix) = name is null ? (null, "") : WebUiSamplers.Find(name);
        if (name is not null && sampler is null)
            values.Report(field, $"There is no such sampler; there is {string.Join(", ", WebUiSamplers.All.Select(s => s.Label))}.");
        if (sampler is not null)
            request.Sampler = new Sampler { Name = sampler.Name };
        ReadEta(values, sampler, request);

        var label = Schedule(values, suffix);
        var schedule = WebUiSamplers.FindSchedule(label);
        if (schedule is null)
            values.Report("scheduler", $"There is no such schedule; there is {string.Join(", ", WebUiSamplers.Schedules.Select(s => s.Label))}.");
        request.Schedule = schedule ?? new Schedule();
        if (values.Int("steps") is { } steps)
            request.Schedule.Steps = steps;
        return schedule is null ? Automatic : WebUiSamplers.Schedules.First(s => s.Schedule.Equals(WebUiSamplers.FindSchedule(label))).Label;
    }

    private static string Schedule(WebUiValues values, string suffix)
    {
        var own = values.Text("scheduler") ?? Automatic;
        if (suffix.Length == 0 || own.Equals(suffix, StringComparison.OrdinalIgnoreCase))
            return own;
        if (!own.Equals(Automatic, StringComparison.OrdinalIgnoreCase))
            values.Report("scheduler", $"The sampler's name says {suffix}.");
        return suffix;
    }

    private static void ReadEta(WebUiValues values, WebUiSampler? sampler, GenerateRequest request)
    {
        if (values.Get<double>("eta") is not { } eta)
            return;
        switch (sampler?.Eta)
        {
            case WebUiEta.Taken:
                request.Sampler.Eta = eta;
                break;
            case WebUiEta.One when eta != 1:
                values.Report("eta", $"This server cannot do that: for {sampler.Label} it must be 1.");
                break;
            case null:
                values.Report("eta", "It needs sampler_name.");
                break;
        }
    }
}
