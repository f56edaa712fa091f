namespace SmartDistrict.Fuzz;

/// <summary>Something of ours that reads bytes of others.</summary>
internal abstract class FuzzTarget
{
    public abstract string Name { get; }

    /// <summary>Makes an input; it depends on <paramref name="random"/> alone.</summary>
    public abstract byte[] Next(Random random);

    /// <summary>
    /// Reads an input and checks what came of it. A documented refusal is a sound result; whatever is thrown is a finding.
    /// </summary>
    /// <param name="random">For what the input leaves open, such as the pieces it arrives in.</param>
    /// <returns>Whether anything of it was understood.</returns>
    public abstract bool Read(byte[] input, Random random);
}

/// <summary>What was read breaks a promise of its reader.</summary>
internal sealed class BrokenPromiseException(string what) : Exception(what)
{
    public static void Unless(bool held, string what)
    {
        if (!held)
            throw new BrokenPromiseException(what);
    }
}
