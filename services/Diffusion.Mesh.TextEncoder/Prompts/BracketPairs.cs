namespace Diffusion.Mesh.TextEncoder;

/// <summary>Finds which brackets of a prompt belong together.</summary>
internal static class BracketPairs
{
    /// <summary>For each bracket that has a partner its partner's index, else -1.</summary>
    /// <remarks>A closing bracket belongs to the nearest open one of its kind; brackets left open between the two have no partner.</remarks>
    public static int[] Find(ReadOnlySpan<char> text)
    {
        var partners = new int[text.Length];
        Array.Fill(partners, -1);
        var open = new Stack<int>();
        // How many of each kind are open: without it, closing brackets of the other kind would search the stack again and again.
        var (round, square) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsEscape(text, i))
            {
                i++;
                continue;
            }

            switch (text[i])
            {
                case '(':
                    round++;
                    open.Push(i);
                    break;
                case '[':
                    square++;
                    open.Push(i);
                    break;
                case ')' when round > 0:
                case ']' when square > 0:
                    partners[i] = Close(text[i] == ')' ? '(' : '[', text);
                    partners[partners[i]] = i;
                    break;
            }
        }

        return partners;

        int Close(char opener, ReadOnlySpan<char> characters)
        {
            int index;
            do
            {
                index = open.Pop();
                (round, square) = characters[index] == '(' ? (round - 1, square) : (round, square - 1);
            }
            while (characters[index] != opener);
            return index;
        }
    }

    /// <summary>True at the backslash of <c>\(</c>, <c>\)</c>, <c>\[</c> or <c>\]</c>.</summary>
    public static bool IsEscape(ReadOnlySpan<char> text, int index) =>
        text[index] == '\\' && index + 1 < text.Length && text[index + 1] is '(' or ')' or '[' or ']';
}
