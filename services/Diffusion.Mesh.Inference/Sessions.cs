using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>ONNX Runtime's session options.</summary>
internal static class Sessions
{
    public static SessionOptions Options(ExecutionOptions execution)
    {
        var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        // Threads that spin between operators starve the other services of a small machine.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        options.IntraOpNumThreads = execution.Threads;
        try
        {
            AppendProvider(options, execution.Provider);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private static void AppendProvider(SessionOptions options, string provider)
    {
        switch (provider)
        {
            case "cpu":
                return;
            case "cuda":
                try
                {
                    options.AppendExecutionProvider_CUDA();
                    return;
                }
                catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
                {
                    throw new ExecutionProviderException($"The execution provider 'cuda' cannot be used here: {e.Message}", e);
                }

            default:
                throw new ExecutionProviderException($"There is no execution provider '{provider}'; there is cpu, cuda.");
        }
    }
}
