namespace Diffusion.Mesh.Unet.Tests;

public sealed class TurnsTests
{
    [Fact]
    public void Next_OneOnly_HasEveryTurn()
    {
        var turns = new Turns<string>(mostWeight: 8);
        turns.Enter("only");

        Assert.All(Take(turns, 5, _ => 1), turn => Assert.Equal("only", turn));
    }

    [Fact]
    public void Next_EqualCosts_TakeTurns()
    {
        var turns = new Turns<string>(mostWeight: 8);
        turns.Enter("a");
        turns.Enter("b");

        var taken = Take(turns, 20, _ => 1);

        Assert.Equal(10, taken.Count(turn => turn == "a"));
        Assert.DoesNotContain(taken.Zip(taken.Skip(1)), pair => pair.First == pair.Second);
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(4, 0.8)]
    [InlineData(100, 10.0 / 11)]
    public void Next_ShortAndLong_ShortGetsItsWeightInTime(double mostWeight, double share)
    {
        var turns = new Turns<string>(mostWeight);
        turns.Enter("long");
        turns.Enter("short");

        // The weight is how much shorter it is, ten times, or the bound.
        var taken = Take(turns, 2000, Cost);

        Assert.Equal(share, taken.Where(turn => turn == "short").Sum(Cost) / taken.Sum(Cost), 0.02);
    }

    [Fact]
    public void Next_NewcomerBesideALongOne_IsNext()
    {
        var turns = new Turns<string>(mostWeight: 8);
        turns.Enter("long");
        Take(turns, 3, Cost);

        turns.Enter("short");

        Assert.Equal("short", turns.Next(Cost));
    }

    [Fact]
    public void Next_ManyThatComeAndGo_NobodyStarves()
    {
        var turns = new Turns<string>(mostWeight: 8);
        turns.Enter("long");
        var longTurns = 0;
        for (var i = 0; i < 200; i++)
        {
            var (one, two) = ($"short {i}", $"short too {i}");
            turns.Enter(one);
            turns.Enter(two);
            longTurns += Take(turns, 3, Cost).Count(turn => turn == "long");
            turns.Leave(one);
            turns.Leave(two);
            longTurns += Take(turns, 1, Cost).Count(turn => turn == "long");
        }

        Assert.InRange(longTurns, 200, 800);
    }

    [Fact]
    public void Next_NothingMeasured_EverybodyHasATurn()
    {
        var turns = new Turns<string>(mostWeight: 8);
        turns.Enter("a");
        turns.Enter("b");
        turns.Enter("c");

        Assert.Equal(3, Take(turns, 6, _ => 0).Distinct().Count());
    }

    private static double Cost(string who) => who == "long" ? 1 : 0.1;

    private static string[] Take(Turns<string> turns, int count, Func<string, double> cost)
    {
        var taken = new string[count];
        for (var i = 0; i < count; i++)
        {
            taken[i] = turns.Next(cost);
            // What was not measured takes something all the same.
            turns.Charge(taken[i], Math.Max(cost(taken[i]), 0.01));
        }

        return taken;
    }
}
