namespace SmartDistrict.Testing.Demo;

/// <summary>One line that changes in place; where the output is no terminal, a new line every few seconds.</summary>
public sealed class StatusLine
{
    private readonly bool terminal = !Console.IsOutputRedirected;
    private int length;

    public TimeSpan Pace => terminal ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(5);

    public void Show(object content)
    {
        var text = content.ToString()!;
        if (!terminal)
        {
            Console.WriteLine(text);
            return;
        }
        var width = Math.Max(20, Console.WindowWidth - 1);
        text = text.Length > width ? text[..width] : text;
        Console.Write("\r" + text.PadRight(length));
        length = text.Length;
    }

    /// <summary>What follows stands below.</summary>
    public void End()
    {
        if (terminal && length > 0)
            Console.WriteLine();
    }
}
