using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>Where everything is.</summary>
internal static class DeployFolders
{
    /// <summary>Set to 1 it has the tests write what they would compare.</summary>
    public const string UpdateVariable = "MESH_UPDATE_GOLDENS";

    public static string Repository => TestFolders.Repository;

    public static string Chart => Path.Combine(Repository, "helm", "diffusion-mesh");

    public static string Manifests => Path.Combine(Repository, "k8s");

    public static string Project => Path.Combine(Repository, "tests", "Diffusion.Mesh.Deploy.Tests");

    public static bool Update => Environment.GetEnvironmentVariable(UpdateVariable) == "1";

    public static string Values(string name) => Path.Combine(Project, "values", $"{name}.yaml");

    public static string Golden(string name) => Path.Combine(Project, "goldens", $"{name}.yaml");
}
