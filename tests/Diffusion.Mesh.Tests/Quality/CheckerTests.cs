using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Tests;

/// <summary>The checker finds everything right in pictures drawn by a program, and what is wrong in wrong ones.</summary>
public sealed class CheckerTests
{
    public static TheoryData<string> Shapes => [.. Outlines.Names];

    public static TheoryData<string, string> Relations
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var relation in Scene.Relations)
                data.Add(relation, Scene.Relations.Single(other => other != relation && IsHorizontal(other) == IsHorizontal(relation)));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Check_OneObjectAsNamed_IsRightInEveryPlace(string shape)
    {
        foreach (var place in Scene.Places)
        {
            foreach (var colour in Palette.Names.Where(name => name is "red" or "white" or "black"))
            {
                var named = new SceneObject("", colour, shape, place);
                var picture = Draw("cyan", (named, named.Centre));

                Assert.Equal(new Verdict(true, true), Checker.Check(picture, new Scene("cyan", [named], "", "")));
            }
        }
    }

    [Fact]
    public void Check_WrongBackgroundColourPlaceOrShape_IsWrong()
    {
        var named = new SceneObject("", "red", "circle", "on the left");
        var scene = new Scene("white", [named], "", "");

        Assert.Equal(default, Checker.Check(Draw("white"), scene));
        Assert.Equal(default, Checker.Check(Draw("black", (named, named.Centre)), scene));
        Assert.Equal(default, Checker.Check(Draw("white", (named with { Colour = "pink" }, named.Centre)), scene));
        Assert.Equal(default, Checker.Check(Draw("white", (named, (0.5, 0.5))), scene));
        Assert.Equal(new Verdict(true, false), Checker.Check(Draw("white", (named with { Shape = "star" }, named.Centre)), scene));
    }

    [Theory]
    [MemberData(nameof(Relations))]
    public void Check_TwoObjects_AreRightInTheNamedOrderOnly(string relation, string opposite)
    {
        var (first, second) = (new SceneObject("", "green", "heart", ""), new SceneObject("", "orange", "cross", ""));
        var (low, high) = IsHorizontal(relation) ? ((0.27, 0.5), (0.73, 0.5)) : ((0.5, 0.27), (0.5, 0.73));
        var isFirstLow = relation is "above" or "to the left of";
        var picture = Draw("black", (first, isFirstLow ? low : high), (second, isFirstLow ? high : low));

        Assert.Equal(new Verdict(true, true), Checker.Check(picture, new Scene("black", [first, second], relation, "")));
        Assert.Equal(default, Checker.Check(picture, new Scene("black", [first, second], opposite, "")));
    }

    private static bool IsHorizontal(string relation) => relation.Contains("left") || relation.Contains("right");

    private static Picture Draw(string background, params (SceneObject Object, (double X, double Y) Centre)[] objects)
    {
        const int side = 128;
        const double radius = 24;
        var rgb = new byte[3 * side * side];
        for (var i = 0; i < side * side; i++)
        {
            var (x, y) = (i % side + 0.5, i / side + 0.5);
            var here = objects.FirstOrDefault(o => IsInside(o.Object.Shape, (x - o.Centre.X * side) / radius, (y - o.Centre.Y * side) / radius));
            var colour = Palette.Value(here.Object?.Colour ?? background);
            (rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]) = ((byte)colour.Red, (byte)colour.Green, (byte)colour.Blue);
        }

        return new Picture(side, side, rgb);
    }

    private static bool IsInside(string shape, double x, double y) => Math.Abs(x) <= 1 && Math.Abs(y) <= 1 && Outlines.Contains(shape, x, y);
}
