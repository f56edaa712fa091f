using SmartDistrict.Edge.Outbox;

namespace SmartDistrict.Edge.Tests.Outbox;

public sealed class DeadLettersTests : IDisposable
{
    private readonly OutboxFile file = new();

    [Fact]
    public void The_newest_letters_stay_and_every_one_is_counted()
    {
        using var letters = new DeadLetters(file.Fold, maxLetters: 3);
        for (var i = 0; i < 10; i++)
            letters.Add(null, i % 2 == 0 ? "mqtt" : "journal", $"subject {i}", "reason", "mend", [(byte)i], 1_000 + i);
        Assert.Equal(["subject 9", "subject 8", "subject 7"], DeadLetters.Newest(file.Sender, 10).Select(letter => letter.Subject));
        Assert.Equal((10, 5), (DeadLetters.Total(file.Sender), DeadLetters.Total(file.Sender, "mqtt")));
    }

    [Fact]
    public void Of_a_large_content_the_beginning_and_the_size_are_kept()
    {
        using var letters = new DeadLetters(file.Fold);
        letters.Add(null, "mqtt", "topic", "too large", "send less", new byte[1 << 20], 1);
        letters.Add(null, "mqtt", "topic", "empty", "send more", [], 1);
        Assert.Equal([(0, 0), (DeadLetters.MaxContent, 1 << 20)], DeadLetters.Newest(file.Sender, 10).Select(letter => (letter.Content.Length, (int)letter.Size)));
    }

    [Fact]
    public void A_letter_goes_with_its_transaction()
    {
        using var letters = new DeadLetters(file.Fold);
        using (var transaction = file.Fold.BeginTransaction())
            letters.Add(transaction, "mqtt", "topic", "reason", "mend", "x"u8, 1);
        Assert.Equal(0, DeadLetters.Total(file.Sender));
        Assert.Empty(DeadLetters.Newest(file.Sender, 10));
    }

    public void Dispose() => file.Dispose();
}
