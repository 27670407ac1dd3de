using System.Runtime.CompilerServices;

namespace Jstp.Transport.Mdsf;

public sealed partial class MdsfValue : IEquatable<MdsfValue>
{
    /// <summary>Compares two values; see <see cref="Equals(MdsfValue?)"/>.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(MdsfValue? left, MdsfValue? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Compares two values; see <see cref="Equals(MdsfValue?)"/>.</summary>
    /// <param name="left">One value.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(MdsfValue? left, MdsfValue? right) => !(left == right);

    /// <summary>
    /// Whether the other value is of the same kind and content. Members must be in the same order, for JSTP gives order a meaning.
    /// NaN equals NaN, and 0 equals -0.
    /// </summary>
    /// <param name="other">The other value.</param>
    /// <exception cref="InsufficientExecutionStackException">The values are far deeper than any reader would accept.</exception>
    public bool Equals(MdsfValue? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        return other is not null && Kind == other.Kind && Kind switch
        {
            MdsfValueKind.Number or MdsfValueKind.Boolean => _number.Equals(other._number),
            MdsfValueKind.String => (string)_content! == (string)other._content!,
            MdsfValueKind.Array => ElementsEqual((MdsfValue[])_content!, (MdsfValue[])other._content!),
            MdsfValueKind.Object => MembersEqual(((MdsfMembers)_content!).Items, ((MdsfMembers)other._content!).Items),
            _ => true,
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MdsfValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);

        switch (_content)
        {
            case MdsfValue[] elements:
                RuntimeHelpers.EnsureSufficientExecutionStack();

                foreach (MdsfValue element in elements)
                {
                    hash.Add(element);
                }

                break;

            case MdsfMembers members:
                RuntimeHelpers.EnsureSufficientExecutionStack();

                foreach ((string name, MdsfValue value) in members.Items)
                {
                    hash.Add(name);
                    hash.Add(value);
                }

                break;

            default:
                hash.Add(_content);
                hash.Add(_number);
                break;
        }

        return hash.ToHashCode();
    }

    private static bool ElementsEqual(MdsfValue[] left, MdsfValue[] right)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return left.AsSpan().SequenceEqual(right);
    }

    private static bool MembersEqual(KeyValuePair<string, MdsfValue>[] left, KeyValuePair<string, MdsfValue>[] right)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();

        if (left.Length != right.Length)
        {
            return false;
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (left[i].Key != right[i].Key || !left[i].Value.Equals(right[i].Value))
            {
                return false;
            }
        }

        return true;
    }
}
