using Diffusion.Mesh.Import.Adapters;
using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;
using Diffusion.Mesh.Import.Writing;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Import;

/// <summary>Turns a checkpoint into a model folder that the cluster serves.</summary>
public static class ModelImporter
{
    /// <summary>Imports a model. Peak memory stays near the largest tensor.</summary>
    /// <exception cref="ImportException">Something is wrong with the source or a file beside it; one sentence says what, and nothing was written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was written.</exception>
    public static ImportSummary Import(ImportRequest request, IImportObserver observer, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(request.Source);
        using var loras = new LoraMerge();
        var model = ModelRecognizer.Recognize(checkpoint, new RecognitionHints(request.Family, request.Prediction, request.Config));
        if (model.Base == Family.SdxlRefiner)
            throw new ImportException($"'{request.Source}' is an SDXL refiner, which is not supported.");
        model = loras.Apply(model, request.Loras, request.AllowUnmatched);
        var concepts = ConceptFile.ReadAll(request.Embeddings, model);
        observer.Recognized(model.Evidence);

        try
        {
            using var output = new OutputFolder(request.Output);
            var progress = new ReadProgress(model, observer);
            new ModelWriter(model, request, concepts, output.Path, progress.Add).Write(cancellation);
            var bytes = new DirectoryInfo(output.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            // As a worker will, before anybody can see it.
            ModelFolder.Read(output.Path);
            output.Complete();
            return new ImportSummary(
                model.Evidence, model.Parts.Sum(p => p.Tensors.Values.Sum(t => t.Count)), model.Tensors - model.Leftovers, model.Leftovers, bytes);
        }
        catch (ModelFormatException e)
        {
            throw new ImportException($"'{request.Source}' gives a model that cannot be served: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"'{request.Output}' cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>The share of the source's bytes that were read.</summary>
    private sealed class ReadProgress(RecognizedModel model, IImportObserver observer)
    {
        private readonly long _all = Math.Max(1, model.Parts.Sum(p => p.Tensors.Values.Sum(t => t.Count * t.Type.Size())));
        private long _read;

        public void Add(long bytes) => observer.Progress(Math.Min(1, (double)(_read += bytes) / _all));
    }
}
