using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing;

/// <summary>Copies, for each pixel of the result, the source pixel under its top left corner.</summary>
internal static class NearestNeighborResize
{
    public static void Run<TPixel>(Image<TPixel> source, ResizePlan plan, Span<TPixel> canvas)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var target = plan.Target;
        var stepX = source.Width / (float)target.Width;
        var stepY = source.Height / (float)target.Height;
        for (var y = Math.Max(0, target.Top); y < Math.Min(plan.Canvas.Height, target.Bottom); y++)
        {
            var from = source.GetRow((int)((y - target.Top) * stepY));
            var to = canvas.Slice(y * plan.Canvas.Width, plan.Canvas.Width);
            for (var x = Math.Max(0, target.Left); x < Math.Min(to.Length, target.Right); x++)
                to[x] = from[(int)((x - target.Left) * stepX)];
        }
    }
}
