using System.Collections.Frozen;

namespace Diffusion.Mesh.Sampling;

/// <summary>Every sampler, by name.</summary>
public static class Samplers
{
    private static readonly SamplerDefinition[] s_definitions =
    [
        .. typeof(Samplers).Assembly.GetTypes()
            .Where(type => type.IsClass && type.IsAssignableTo(typeof(IDefinedSampler)))
            .SelectMany(type => (IReadOnlyList<SamplerDefinition>)type.GetProperty(nameof(IDefinedSampler.Definitions))!.GetValue(null)!)
            .OrderBy(definition => definition.Name, StringComparer.Ordinal),
    ];

    private static readonly FrozenDictionary<string, SamplerDefinition> s_byName =
        s_definitions.ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);

    // Several short names may build one class; then any of them stands for it, as the class's own fields tell them apart.
    private static readonly FrozenDictionary<string, SamplerDefinition> s_byClass =
        s_definitions.DistinctBy(definition => definition.ClassName)
            .ToFrozenDictionary(definition => definition.ClassName, StringComparer.Ordinal);

    /// <summary>The short names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_definitions.Select(definition => definition.Name)];

    /// <summary>Whether <paramref name="name"/> is a short name or a diffusers class name that can be built.</summary>
    public static bool IsKnown(string name) => s_byName.ContainsKey(name) || s_byClass.ContainsKey(name);

    /// <summary>Everything wrong with the choice for this model, at once; empty if <see cref="Create"/> will succeed.</summary>
    public static IReadOnlyList<SamplingProblem> Check(SchedulerConfig model, SamplingChoice choice) => Read(model, choice).Problems;

    /// <summary>
    /// Builds the chosen sampler, or the model's own. The model's betas and prediction type stay when another sampler is chosen.
    /// </summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> reports a problem.</exception>
    public static ISampler Create(SchedulerConfig model, SamplingChoice choice)
    {
        var (sampler, plan, problems) = Read(model, choice);
        if (sampler is null || plan is null)
            throw new ArgumentException(
                string.Join(' ', problems.Select(problem => $"{problem.Field}: {problem.Description}")), nameof(choice));
        return sampler.Build(plan);
    }

    private static (SamplerDefinition? Sampler, SamplerPlan? Plan, IReadOnlyList<SamplingProblem> Problems) Read(
        SchedulerConfig model, SamplingChoice choice)
    {
        var reader = new PlanReader(model, choice);
        var name = choice.Sampler ?? model.ClassName;
        var byShortName = s_byName.TryGetValue(name, out var sampler);
        if (!byShortName && !s_byClass.TryGetValue(name, out sampler))
        {
            reader.Report(choice.Sampler is null ? "model._class_name" : nameof(choice.Sampler),
                $"There is no sampler \"{name}\"; there are {string.Join(", ", Names)}.");
            return (null, null, reader.Problems);
        }

        var modelSampler = s_byClass.GetValueOrDefault(model.ClassName, sampler!);
        return (sampler, reader.Read(sampler!, modelSampler, byShortName), reader.Problems);
    }
}
