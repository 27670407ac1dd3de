using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Applications.Dispatch;

/// <summary>Makes the <see cref="ResultWriter{T}"/> of a result type, once, when an application is built.</summary>
internal static class ResultWriterFactory
{
    private static readonly MethodInfo CreateTypedMethod =
        typeof(ResultWriterFactory).GetMethod(nameof(CreateTyped), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Returns a <see cref="ResultWriter{T}"/> for <paramref name="resultType"/>.</summary>
    public static Delegate Create(Type resultType, MdsfSerializer serializer) =>
        (Delegate)CreateTypedMethod.MakeGenericMethod(resultType).Invoke(null, [serializer])!;

    private static ResultWriter<T> CreateTyped<T>(MdsfSerializer serializer)
    {
        if (typeof(T) == typeof(JstpResults))
        {
            return (ResultWriter<T>)(object)CreateForResults(serializer);
        }

        if (typeof(T).IsValueType && typeof(T).IsAssignableTo(typeof(ITuple)))
        {
            return CreateForTuple<T>(serializer);
        }

        return serializer.GetConverter<T>().Write;
    }

    private static ResultWriter<JstpResults> CreateForResults(MdsfSerializer serializer)
    {
        MdsfConverter<object?> converter = serializer.GetConverter<object?>();

        return (ref MdsfWriter writer, JstpResults results) =>
        {
            foreach (object? value in results.Values)
            {
                converter.Write(ref writer, value);
            }
        };
    }

    private static ResultWriter<T> CreateForTuple<T>(MdsfSerializer serializer)
    {
        ParameterExpression writer = Expression.Parameter(typeof(MdsfWriter).MakeByRefType(), "writer");
        ParameterExpression value = Expression.Parameter(typeof(T), "value");
        List<Expression> writes = [];

        foreach ((Expression element, Type type) in Elements(value, typeof(T)))
        {
            MdsfConverter converter = serializer.GetConverter(type);
            MethodInfo write = typeof(MdsfConverter<>).MakeGenericType(type).GetMethod(nameof(MdsfConverter<>.Write))!;
            writes.Add(Expression.Call(Expression.Constant(converter, write.DeclaringType!), write, writer, element));
        }

        Expression body = writes.Count == 0 ? Expression.Empty() : Expression.Block(writes);

        return Expression.Lambda<ResultWriter<T>>(body, writer, value).Compile();
    }

    // Tuples of more than seven elements nest the others in a field called Rest.
    private static IEnumerable<(Expression Element, Type Type)> Elements(Expression tuple, Type type)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Instance).OrderBy(field => field.MetadataToken))
        {
            Expression element = Expression.Field(tuple, field);

            if (field.Name == "Rest")
            {
                foreach ((Expression, Type) nested in Elements(element, field.FieldType))
                {
                    yield return nested;
                }
            }
            else
            {
                yield return (element, field.FieldType);
            }
        }
    }
}
