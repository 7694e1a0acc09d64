using System.Numerics;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>Resizes rows, then columns, in floats; alpha weights the colours, so that invisible ones do not bleed.</summary>
internal static class SeparableResize
{
    public static void Run<TPixel>(Image<TPixel> source, ResizePlan plan, IResampler sampler, Span<TPixel> canvas)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var (canvasWidth, canvasHeight) = plan.Canvas;
        var target = plan.Target;
        var (left, right) = (Math.Max(0, target.Left), Math.Min(canvasWidth, target.Right));
        var columns = ResizeKernel.Make(source.Width, target.Width, sampler);
        var rows = ResizeKernel.Make(source.Height, target.Height, sampler);

        // Rows that were resized along x, kept while a row of the result still needs them.
        var window = new Vector4[rows.Max(kernel => kernel.Weights.Length)][];
        for (var i = 0; i < window.Length; i++)
            window[i] = new Vector4[right - left];

        var line = new Vector4[source.Width];
        var mixed = new Vector4[right - left];
        var done = 0;
        for (var y = Math.Max(0, target.Top); y < Math.Min(canvasHeight, target.Bottom); y++)
        {
            var kernel = rows[y - target.Top];
            for (done = Math.Max(done, kernel.Start); done < kernel.Start + kernel.Weights.Length; done++)
            {
                Load(source.GetRow(done), line);
                ResizeRow(line, columns.AsSpan(left - target.Left), window[done % window.Length]);
            }

            MixRows(kernel, window, mixed, canvas.Slice((y * canvasWidth) + left, right - left));
        }
    }

    private static void Load<TPixel>(ReadOnlySpan<TPixel> row, Span<Vector4> line)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        for (var x = 0; x < row.Length; x++)
        {
            var pixel = row[x].ToScaledVector4();
            var weighted = pixel * pixel.W;
            weighted.W = pixel.W;
            line[x] = weighted;
        }
    }

    private static void ResizeRow(ReadOnlySpan<Vector4> line, ReadOnlySpan<ResizeKernel> kernels, Span<Vector4> resized)
    {
        for (var x = 0; x < resized.Length; x++)
            resized[x] = kernels[x].Convolve(line);
    }

    private static void MixRows<TPixel>(ResizeKernel kernel, Vector4[][] window, Span<Vector4> mixed, Span<TPixel> target)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        mixed.Clear();
        for (var i = 0; i < kernel.Weights.Length; i++)
        {
            var (weight, row) = (kernel.Weights[i], window[(kernel.Start + i) % window.Length]);
            for (var x = 0; x < mixed.Length; x++)
                mixed[x] += row[x] * weight;
        }

        for (var x = 0; x < target.Length; x++)
        {
            var alpha = mixed[x].W;
            var pixel = alpha > 0 ? mixed[x] / alpha : Vector4.Zero;
            pixel.W = alpha;
            target[x].FromScaledVector4(pixel);
        }
    }
}
