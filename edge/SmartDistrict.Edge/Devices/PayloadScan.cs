using System.Text.Json;

namespace SmartDistrict.Edge.Devices;

/// <summary>A value met in a payload; its bytes stay in the payload.</summary>
/// <param name="Start">Offset of the first byte; of a text, behind the quote.</param>
/// <param name="Escaped">The text contains escapes.</param>
internal readonly record struct FoundValue(int Slot, JsonTokenType Type, int Start, int Length, bool Escaped, int Next);

/// <summary>
/// One pass over a payload. Values are kept per frame: frame 0 is the whole payload, and each element of an array that
/// the profile names is a frame inside the one around it. A later value of the same member replaces the earlier.
/// The memory is reused from payload to payload, so nothing is allocated once it has grown.
/// </summary>
internal sealed class PayloadScan
{
    private const int KeptCapacity = 4096;

    private FoundValue[] values = new FoundValue[32];
    private Frame[] frames = new Frame[16];
    private int valueCount;
    private int frameCount;

    public int FrameCount => frameCount;

    /// <summary>Whether any array that the profile names was there, even an empty one.</summary>
    public bool MetArray { get; private set; }

    /// <summary>Walks a payload.</summary>
    /// <exception cref="JsonException">It is no JSON; nothing that was found may be used.</exception>
    public void Read(ReadOnlySpan<byte> payload, PayloadNode root)
    {
        if (values.Length > KeptCapacity)
            values = new FoundValue[32];
        if (frames.Length > KeptCapacity)
            frames = new Frame[16];
        valueCount = 0;
        frameCount = 0;
        MetArray = false;
        var reader = new Utf8JsonReader(payload);
        var whole = Open(-1, -1);
        reader.Read();
        Value(ref reader, root, whole);
        while (reader.Read())
        {
        }
    }

    /// <summary>The array that a frame is an element of.</summary>
    public int ArrayOf(int frame) => frames[frame].Array;

    /// <summary>Looks a field up from a row's frame.</summary>
    public bool TryFind(ReadOnlySpan<byte> payload, int frame, PayloadField field, out FoundValue value)
    {
        for (var up = field.Up; up > 0; up--)
            frame = frames[frame].Parent;
        if (field.Select < 0)
            return TryFind(frame, field.Slot, out value);
        for (var element = frames[frame].FirstInner; element >= 0; element = frames[element].NextBeside)
            if (frames[element].Array == field.Select
                && TryFind(element, field.SelectSlot, out var decisive)
                && payload.Slice(decisive.Start, decisive.Length).SequenceEqual(field.SelectValue))
                return TryFind(element, field.Slot, out value);
        value = default;
        return false;
    }

    private bool TryFind(int frame, int slot, out FoundValue value)
    {
        for (var i = frames[frame].FirstValue; i >= 0; i = values[i].Next)
            if (values[i].Slot == slot)
            {
                value = values[i];
                return value.Type != JsonTokenType.Null;
            }
        value = default;
        return false;
    }

    private void Value(ref Utf8JsonReader reader, PayloadNode node, int frame)
    {
        if (node.Slot >= 0)
            Keep(ref reader, node.Slot, frame);
        if (reader.TokenType == JsonTokenType.StartObject && node.HasMembers)
            Members(ref reader, node, frame);
        else if (reader.TokenType == JsonTokenType.StartArray && node.Elements is { } elements)
        {
            MetArray = true;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                Value(ref reader, elements, Open(frame, elements.Array));
        }
        else
            reader.Skip();
    }

    private void Members(ref Utf8JsonReader reader, PayloadNode node, int frame)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.ValueIsEscaped ? Unescaped(ref reader, node) : node.Find(reader.ValueSpan);
            reader.Read();
            if (member is null)
                reader.Skip();
            else
                Value(ref reader, member, frame);
        }
    }

    private static PayloadNode? Unescaped(ref Utf8JsonReader reader, PayloadNode node)
    {
        Span<byte> name = stackalloc byte[256];
        try
        {
            return reader.ValueSpan.Length <= name.Length ? node.Find(name[..reader.CopyString(name)]) : null;
        }
        catch (InvalidOperationException)
        {
            // a lone surrogate in \u escapes is valid JSON but no text
            return null;
        }
    }

    private void Keep(ref Utf8JsonReader reader, int slot, int frame)
    {
        if (valueCount == values.Length)
            Array.Resize(ref values, valueCount * 2);
        var start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0);
        values[valueCount] = new FoundValue(slot, reader.TokenType, start, reader.ValueSpan.Length, reader.ValueIsEscaped, frames[frame].FirstValue);
        frames[frame].FirstValue = valueCount++;
    }

    private int Open(int parent, int array)
    {
        if (frameCount == frames.Length)
            Array.Resize(ref frames, frameCount * 2);
        ref var frame = ref frames[frameCount];
        frame = new Frame { Parent = parent, Array = array, FirstValue = -1, FirstInner = -1, NextBeside = -1 };
        if (parent >= 0)
        {
            frame.NextBeside = frames[parent].FirstInner;
            frames[parent].FirstInner = frameCount;
        }
        return frameCount++;
    }

    private struct Frame
    {
        public int Parent;
        public int Array;
        public int FirstValue;
        public int FirstInner;
        public int NextBeside;
    }
}
