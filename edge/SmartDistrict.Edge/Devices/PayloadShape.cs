namespace SmartDistrict.Edge.Devices;

/// <summary>
/// All pointers of a profile as one tree, so that a payload is walked once and everything the tree does not name is
/// skipped. Every value that a pointer ends at has a slot; every array that a pointer goes through has a number, and
/// the arrays around it are its parents.
/// </summary>
internal sealed class PayloadShape
{
    private readonly List<int> outerArray = [];

    public PayloadNode Root { get; } = new();

    public int Slots { get; private set; }

    /// <summary>Adds a pointer to an array's elements, as in <c>/records/*</c>.</summary>
    /// <returns>The arrays from the outermost to the one whose elements are meant.</returns>
    public IReadOnlyList<int> AddArray(JsonPointer pointer)
    {
        Walk(pointer, out var arrays, out _);
        return arrays;
    }

    /// <summary>Adds a pointer to a value, read from the point of view of one element of the innermost of <paramref name="rows"/>.</summary>
    /// <param name="error">Null, or what is wrong, as the end of the sentence "the pointer …".</param>
    public PayloadField? AddField(JsonPointer pointer, IReadOnlyList<int> rows, out string? error)
    {
        var node = Walk(pointer, out var arrays, out var selector);
        var around = selector is null ? arrays : arrays[..^1];
        error = null;
        if (pointer.Steps.Any(step => step.Kind == JsonPointer.StepKind.Select && step != selector))
            error = "has more than one selector, or an array inside the selected element";
        else if (pointer.Steps[^1].Kind == JsonPointer.StepKind.Select)
            error = "ends at a selector; name the member that holds the value";
        else if (!around.SequenceEqual(rows.Take(around.Count)))
            error = "goes through an array that the rule's 'each' does not name";
        else if (selector is not null && around.Count != rows.Count)
            error = "selects an element outside of the rule's 'each'";
        if (error is not null)
            return null;
        var slot = Slot(node);
        return selector is null
            ? new PayloadField(pointer.Text, slot, rows.Count - around.Count, -1, -1, [])
            : new PayloadField(pointer.Text, slot, 0, arrays[^1], Slot(Elements(pointer, selector).Member(selector.Name)), selector.Value);
    }

    private int Slot(PayloadNode node) => node.Slot >= 0 ? node.Slot : node.Slot = Slots++;

    /// <summary>The node of the elements that a selector chooses from.</summary>
    private PayloadNode Elements(JsonPointer pointer, JsonPointer.Step selector)
    {
        var node = Root;
        foreach (var step in pointer.Steps)
        {
            node = step.Kind == JsonPointer.StepKind.Member ? node.Member(step.Name) : node.Elements!;
            if (step == selector)
                break;
        }
        return node;
    }

    private PayloadNode Walk(JsonPointer pointer, out List<int> arrays, out JsonPointer.Step? selector)
    {
        arrays = [];
        selector = null;
        var node = Root;
        foreach (var step in pointer.Steps)
        {
            if (step.Kind == JsonPointer.StepKind.Member)
            {
                node = node.Member(step.Name);
                continue;
            }
            if (node.Elements is null)
            {
                node.Elements = new PayloadNode { Array = outerArray.Count };
                outerArray.Add(arrays.Count == 0 ? -1 : arrays[^1]);
            }
            node = node.Elements;
            arrays.Add(node.Array);
            selector = step.Kind == JsonPointer.StepKind.Select ? step : null;
        }
        return node;
    }
}

/// <summary>One place in the tree of <see cref="PayloadShape"/>.</summary>
internal sealed class PayloadNode
{
    private byte[][] names = [];
    private PayloadNode[] members = [];

    /// <summary>Where the value is recorded; −1 where only what is inside it matters.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>Number of the array whose element this is; −1 for a member.</summary>
    public int Array { get; init; } = -1;

    /// <summary>The node that stands for every element, where the value is an array.</summary>
    public PayloadNode? Elements { get; set; }

    public bool HasMembers => names.Length > 0;

    /// <summary>The member of this name, made where it is new.</summary>
    public PayloadNode Member(byte[] name)
    {
        if (Find(name) is { } found)
            return found;
        var made = new PayloadNode();
        names = [.. names, name];
        members = [.. members, made];
        return made;
    }

    public PayloadNode? Find(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < names.Length; i++)
            if (name.SequenceEqual(names[i]))
                return members[i];
        return null;
    }
}

/// <summary>How a rule finds one of its values, seen from the array element (or the whole payload) that the rule reads.</summary>
/// <param name="Pointer">As written in the profile, for messages.</param>
/// <param name="Slot">Slot of the value.</param>
/// <param name="Up">How many arrays further out the value stands.</param>
/// <param name="Select">Array to choose an element from; −1 for none.</param>
/// <param name="SelectSlot">Slot of the member that decides.</param>
/// <param name="SelectValue">What that member must be.</param>
internal sealed record PayloadField(string Pointer, int Slot, int Up, int Select, int SelectSlot, byte[] SelectValue);
