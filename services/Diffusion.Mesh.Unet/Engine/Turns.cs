namespace Diffusion.Mesh.Unet;

/// <summary>
/// Whose turn it is: deficit round robin (Shreedhar and Varghese 1995) on measured seconds. Each visit gives credit in proportion to a weight, which is the
/// larger the shorter one's passes are; who has credit for a pass has the turn. The quantum is the least that gives somebody a pass in each round, so turns
/// are short.
/// </summary>
/// <param name="mostWeight">The largest weight, at least 1: with 1 everybody gets the same time.</param>
/// <typeparam name="T">Those who take turns.</typeparam>
internal sealed class Turns<T>(double mostWeight)
    where T : class
{
    // Where nothing is measured yet, a pass is taken to be short: it is measured then.
    private const double Unknown = 1e-3;

    private readonly List<Place> _places = [];
    private int _current;

    /// <summary>How many take turns.</summary>
    public int Count => _places.Count;

    /// <summary>Comes in, and is next after the one whose turn it is.</summary>
    public void Enter(T who) => _places.Insert(Math.Min(_current + 1, _places.Count), new Place(who));

    /// <summary>Goes. Credit and debt are forgotten.</summary>
    public void Leave(T who)
    {
        var index = _places.FindIndex(place => place.Who == who);
        _places.RemoveAt(index);
        // The next visit is of the one who came after.
        if (index <= _current)
            _current = _current > 0 ? _current - 1 : Math.Max(0, _places.Count - 1);
    }

    /// <summary>Whose turn it is; somebody must be in.</summary>
    /// <param name="cost">Seconds that somebody's next pass will take; 0 where that is not known yet.</param>
    public T Next(Func<T, double> cost)
    {
        if (_places.Count == 1)
        {
            _places[0].Credit = 0;
            return _places[0].Who;
        }

        var quantum = Weigh(cost);
        while (!(_places[_current].Credit > 0 && _places[_current].Credit >= _places[_current].Cost))
        {
            _current = (_current + 1) % _places.Count;
            var next = _places[_current];
            // More than a pass's worth cannot be saved up.
            next.Credit = Math.Min(next.Credit + quantum * next.Weight, next.Cost + quantum * next.Weight);
        }

        return _places[_current].Who;
    }

    /// <summary>Takes what a pass has cost from the credit. Debt is bounded: a pass that took far longer than it should is not held against one for long.</summary>
    public void Charge(T who, double seconds)
    {
        foreach (var place in _places)
        {
            if (place.Who == who)
                place.Credit = Math.Max(place.Credit - seconds, -place.Cost);
        }
    }

    private double Weigh(Func<T, double> cost)
    {
        var longest = 0.0;
        foreach (var place in _places)
            longest = Math.Max(longest, place.Cost = Math.Max(cost(place.Who), Unknown));
        var quantum = double.PositiveInfinity;
        foreach (var place in _places)
        {
            place.Weight = Math.Clamp(longest / place.Cost, 1, mostWeight);
            quantum = Math.Min(quantum, place.Cost / place.Weight);
        }

        return quantum;
    }

    private sealed class Place(T who)
    {
        public T Who => who;

        public double Credit { get; set; }

        public double Cost { get; set; }

        public double Weight { get; set; }
    }
}
