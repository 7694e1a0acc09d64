using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Changes messages by their descriptors, so that they stay messages.</summary>
internal static class MessageMutator
{
    /// <summary>One to a few changes, anywhere inside.</summary>
    public static void Mutate(Dice dice, IMessage message)
    {
        for (var i = dice.Below(4); i >= 0; i--)
            Once(dice, message);
    }

    private static void Once(Dice dice, IMessage message)
    {
        var fields = message.Descriptor.Fields.InDeclarationOrder();
        if (fields.Count == 0)
            return;
        var field = dice.Pick((IReadOnlyList<FieldDescriptor>)[.. fields]);
        if (field.IsMap)
            Map(dice, (IDictionary)field.Accessor.GetValue(message));
        else if (field.IsRepeated)
            List(dice, (IList)field.Accessor.GetValue(message), field);
        else if (dice.Chance(0.1))
            field.Accessor.Clear(message);
        else if (field.FieldType != FieldType.Message)
            field.Accessor.SetValue(message, Value(dice, field));
        else
            Inner(dice, message, field);
    }

    private static void Inner(Dice dice, IMessage message, FieldDescriptor field)
    {
        if (field.Accessor.GetValue(message) is not IMessage inner)
            field.Accessor.SetValue(message, inner = New(field));
        Once(dice, inner);
    }

    // Only texts have maps in requests.
    private static void Map(Dice dice, IDictionary map)
    {
        for (var i = dice.Below(20); i >= 0; i--)
            map[NastyTexts.Pick(dice)] = NastyTexts.Pick(dice);
    }

    private static void List(Dice dice, IList list, FieldDescriptor field)
    {
        var roll = dice.Below(6);
        if (roll == 0)
            list.Clear();
        else if (roll == 1 && list.Count > 0)
            list.RemoveAt(dice.Below(list.Count));
        else if (roll == 2 && list.Count > 0)
            list.Add(list[dice.Below(list.Count)]);
        else if (list.Count > 0 && field.FieldType == FieldType.Message)
            Once(dice, (IMessage)list[dice.Below(list.Count)]!);
        else
            list.Add(field.FieldType == FieldType.Message ? New(field) : Value(dice, field));
    }

    private static IMessage New(FieldDescriptor field) => (IMessage)Activator.CreateInstance(field.MessageType.ClrType)!;

    private static object Value(Dice dice, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => NastyTexts.Pick(dice),
        FieldType.Bytes => UnsafeByteOperations.UnsafeWrap(dice.Chance(0.5) ? Pictures.Hostile(dice) : dice.Bytes(dice.Below(300))),
        FieldType.Bool => dice.Chance(0.5),
        FieldType.Double => dice.Real(),
        FieldType.Float => (float)dice.Real(),
        FieldType.Int32 => unchecked((int)dice.Whole()),
        FieldType.UInt32 => unchecked((uint)dice.Whole()),
        FieldType.Int64 => dice.Whole(),
        FieldType.UInt64 => unchecked((ulong)dice.Whole()),
        FieldType.Enum => dice.Chance(0.7) ? dice.Pick((IReadOnlyList<EnumValueDescriptor>)[.. field.EnumType.Values]).Number : unchecked((int)dice.Whole()),
        _ => throw new NotSupportedException($"{field.FieldType} stands in no contract."),
    };
}
