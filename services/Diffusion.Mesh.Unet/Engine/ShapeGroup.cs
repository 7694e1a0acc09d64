using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.Unet;

/// <summary>Rows of a forward pass that belong together: pictures in a row of one row set.</summary>
/// <param name="Rows">Whose.</param>
/// <param name="Picture">The first picture.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Segment(RowSet Rows, int Picture, int Count);

/// <summary>All rows that can share a forward pass, and the memory for it. Only the engine's thread touches it.</summary>
/// <param name="model">The model's name.</param>
/// <param name="bits">Which sizes give the same bits.</param>
/// <param name="keepsBits">Whether only those are used.</param>
/// <param name="most">The most rows of a pass.</param>
internal sealed class ShapeGroup(string model, UnetModel unet, UnetShape shape, SameBits bits, bool keepsBits, int most) : IDisposable
{
    private readonly List<RowSet> _members = [];
    private readonly List<Segment> _pass = [];
    private (RowSet? Rows, int Picture)[] _written = [];
    private readonly Func<int, bool?> _isSame = keepsBits ? bits.IsSame : _ => true;
    private UnetRows? _rows;

    public string Model => model;

    public UnetModel Unet => unet;

    public UnetShape Shape => shape;

    public PassSizes Sizes { get; } = new(most);

    /// <summary>Latent pixels of a row.</summary>
    public long Pixels => (long)shape.Height * shape.Width;

    /// <summary>Whether it takes turns now.</summary>
    public bool IsActive { get; set; }

    /// <summary>When it was last in use, on the engine's clock.</summary>
    public long LastUse { get; set; }

    /// <summary>The rows of the pass that was packed last.</summary>
    public List<Segment> Pass => _pass;

    /// <summary>Everybody who is in it, the most urgent first.</summary>
    public List<RowSet> Members => _members;

    /// <summary>Adds rows: earliest deadline first, then priority, then arrival.</summary>
    public void Join(RowSet rows)
    {
        var index = _members.FindIndex(other => Urgency(rows, other) < 0);
        _members.Insert(index < 0 ? _members.Count : index, rows);
    }

    public void Leave(RowSet rows)
    {
        _members.Remove(rows);
        // Nothing may keep a job's memory that is gone.
        _pass.Clear();
        for (var row = 0; row < _written.Length; row++)
        {
            if (_written[row].Rows == rows)
                _written[row] = default;
        }
    }

    /// <summary>
    /// Rows that can go together now. Where the file has a single timestep those are the ones with the timestep of the most urgent.
    /// </summary>
    /// <param name="onlyFirst">Count those of the most urgent generation only.</param>
    public int Waiting(bool onlyFirst = false)
    {
        var waiting = 0;
        Generation? first = null;
        foreach (var rows in _members)
        {
            if (rows.Waiting == 0 || !Fits(rows, ref first, onlyFirst))
                continue;
            waiting += rows.Waiting;
        }

        return waiting;
    }

    /// <summary>How many rows the next pass should have.</summary>
    /// <param name="limit">Seconds that it should last at most.</param>
    /// <param name="isShared">Whether others wait for it: if not, a picture's rows go together whatever they cost.</param>
    /// <param name="onlyFirst">With the most urgent generation's rows only.</param>
    public PassChoice Choose(double limit, bool isShared, bool onlyFirst)
    {
        var together = isShared ? 1 : Waiting(onlyFirst: true);
        return Sizes.Choose(Waiting(onlyFirst), limit, together, _isSame);
    }

    /// <summary>Writes up to <paramref name="size"/> waiting rows into the pass, the most urgent first; what remains of it is padding.</summary>
    public void Pack(int size, bool onlyFirst)
    {
        var room = Room(size);
        var next = 0;
        Generation? first = null;
        _pass.Clear();
        foreach (var rows in _members)
        {
            var count = Math.Min(rows.Waiting, size - next);
            if (count == 0 || !Fits(rows, ref first, onlyFirst))
                continue;
            var segment = new Segment(rows, rows.Take(count), count);
            _pass.Add(segment);
            for (var i = 0; i < count; i++)
                Write(room, next++, rows, segment.Picture + i);
        }
    }

    /// <summary>Takes back what was packed: its pass failed.</summary>
    public void Unpack()
    {
        foreach (var segment in _pass)
            segment.Rows.Return(segment.Count);
        Array.Clear(_written);
    }

    /// <summary>Runs what was packed.</summary>
    public void Run(int size) => _rows!.Run(size);

    /// <summary>Gives the rows of the last pass their predictions.</summary>
    public void Deliver()
    {
        var row = 0;
        foreach (var (rows, picture, count) in _pass)
        {
            for (var i = 0; i < count; i++)
                _rows!.GetPrediction(row++, rows.Generation.Prediction(picture + i, rows.IsGuided));
        }
    }

    /// <summary>Tries whether <paramref name="size"/> rows give the same bits. A size that cannot be run is not used either.</summary>
    public void Try(int size)
    {
        var probe = new ProbeRows(unet, shape);
        var room = Room(Math.Max(size, 2));
        try
        {
            bits.Try(size, (row, content) => probe.Write(room, row, content), room.Run, row => probe.Read(room, row));
        }
        catch (Exception)
        {
            bits.Refuse(size);
        }
        finally
        {
            Array.Clear(_written);
        }
    }

    public void Dispose() => _rows?.Dispose();

    private static int Urgency(RowSet rows, RowSet other)
    {
        var (a, b) = (rows.Generation, other.Generation);
        var byDeadline = a.Deadline.CompareTo(b.Deadline);
        if (byDeadline != 0)
            return byDeadline;
        var byPriority = b.Priority.CompareTo(a.Priority);
        return byPriority != 0 ? byPriority : a.Arrival.CompareTo(b.Arrival);
    }

    private bool Fits(RowSet rows, ref Generation? first, bool onlyFirst)
    {
        first ??= rows.Generation;
        if (rows.Generation == first)
            return true;
        return !onlyFirst && !first.IsSuspect && !rows.Generation.IsSuspect && (!unet.HasSingleTimestep || rows.Generation.Timestep == first.Timestep);
    }

    // Grows when it has to: most shapes never see a full pass.
    private UnetRows Room(int rows)
    {
        if (_rows is not null && _written.Length >= rows)
            return _rows;
        _rows?.Dispose();
        _rows = null;
        _rows = unet.Allocate(shape, rows);
        _written = new (RowSet?, int)[rows];
        return _rows;
    }

    private void Write(UnetRows room, int row, RowSet rows, int picture)
    {
        var generation = rows.Generation;
        room.SetLatents(row, generation.Input(picture), generation.Job.ExtraChannels);
        room.SetTimestep(row, generation.Timestep);
        // Conditioning stays from step to step.
        if (_written[row] == (rows, picture))
            return;
        room.SetConditioning(row, rows.Conditioning(picture));
        _written[row] = (rows, picture);
    }
}
