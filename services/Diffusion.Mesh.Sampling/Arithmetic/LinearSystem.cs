namespace Diffusion.Mesh.Sampling;

/// <summary>Small dense systems of linear equations.</summary>
public static class LinearSystem
{
    /// <summary>Gauss elimination with pivoting, in place; each row ends with its right-hand side.</summary>
    public static double[] Solve(double[][] rows)
    {
        var n = rows.Length;
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(rows[row][column]));
            (rows[column], rows[pivot]) = (rows[pivot], rows[column]);
            for (var row = 0; row < n; row++)
            {
                if (row == column)
                    continue;
                var factor = rows[row][column] / rows[column][column];
                for (var i = column; i <= n; i++)
                    rows[row][i] -= factor * rows[column][i];
            }
        }

        return [.. rows.Select((row, i) => row[n] / row[i])];
    }
}
