namespace SixLabors.ImageSharp;

/// <summary>A rectangle of pixels; right and bottom are exclusive.</summary>
public struct Rectangle(int x, int y, int width, int height) : IEquatable<Rectangle>
{
    public static readonly Rectangle Empty;

    public Rectangle(Point point, Size size) : this(point.X, point.Y, size.Width, size.Height)
    {
    }

    public int X { get; set; } = x;

    public int Y { get; set; } = y;

    public int Width { get; set; } = width;

    public int Height { get; set; } = height;

    public readonly int Left => X;

    public readonly int Top => Y;

    public readonly int Right => unchecked(X + Width);

    public readonly int Bottom => unchecked(Y + Height);

    public readonly Size Size => new(Width, Height);

    public static bool operator ==(Rectangle left, Rectangle right) => left.Equals(right);

    public static bool operator !=(Rectangle left, Rectangle right) => !left.Equals(right);

    public readonly bool Contains(Rectangle rectangle) =>
        X <= rectangle.X && rectangle.Right <= Right && Y <= rectangle.Y && rectangle.Bottom <= Bottom;

    public readonly bool Equals(Rectangle other) =>
        X == other.X && Y == other.Y && Width == other.Width && Height == other.Height;

    public override readonly bool Equals(object? obj) => obj is Rectangle other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(X, Y, Width, Height);

    public override readonly string ToString() => $"Rectangle [ X={X}, Y={Y}, Width={Width}, Height={Height} ]";
}
