using System.Linq.Expressions;
using System.Reflection;
using Jstp.Actors.Connections;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Applications.Dispatch;

/// <summary>Turns a user's method or delegate into a <see cref="JstpMethod"/>, so that no call needs reflection.</summary>
internal sealed class MethodCompiler(MdsfSerializer serializer)
{
    /// <summary>Compiles a public method of an interface class.</summary>
    /// <exception cref="ArgumentException">A parameter or the result has no form in MDSF.</exception>
    public JstpMethod Compile(string name, MethodInfo method, TargetSource target)
    {
        ParameterExpression instance = Expression.Parameter(typeof(object), "target");

        return Compile(
            name,
            method,
            method.GetParameters(),
            method.ReturnType,
            target,
            instance,
            arguments => Expression.Call(Expression.Convert(instance, method.DeclaringType!), method, arguments));
    }

    /// <summary>Compiles a delegate.</summary>
    /// <exception cref="ArgumentException">A parameter or the result has no form in MDSF.</exception>
    public JstpMethod Compile(string name, Delegate handler)
    {
        ParameterExpression instance = Expression.Parameter(typeof(object), "target");
        MethodInfo invoke = handler.GetType().GetMethod(nameof(Action.Invoke))!;

        return Compile(
            name,
            handler.Method,
            invoke.GetParameters(),
            invoke.ReturnType,
            new InstanceTarget(handler),
            instance,
            arguments => Expression.Invoke(Expression.Convert(instance, handler.GetType()), arguments));
    }

    private JstpMethod Compile(
        string name,
        MethodInfo declaration,
        ParameterInfo[] parameters,
        Type returnType,
        TargetSource target,
        ParameterExpression instance,
        Func<Expression[], Expression> call)
    {
        try
        {
            ParameterExpression reader = Expression.Parameter(typeof(MdsfReader).MakeByRefType(), "arguments");
            ParameterExpression frame = Expression.Parameter(typeof(CallFrame), "frame");
            var arity = new ArityBuilder();
            Expression[] arguments = [.. parameters.Select(parameter => Bind(parameter, reader, frame, arity))];
            Expression body = Complete(call(arguments), returnType, frame);
            var invoker = Expression.Lambda<MethodInvoker>(body, instance, reader, frame).Compile();

            return new JstpMethod(name, arity.Minimum, arity.Maximum, target, invoker, declaration.IsDefined(typeof(JstpSafeToRepeatAttribute)));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new ArgumentException($"'{name}' cannot be served: {exception.Message}", exception);
        }
    }

    private Expression Bind(ParameterInfo parameter, ParameterExpression reader, ParameterExpression frame, ArityBuilder arity)
    {
        Type type = parameter.ParameterType;

        if (type.IsByRef)
        {
            throw new ArgumentException($"parameter '{parameter.Name}' is passed by reference.");
        }

        if (type == typeof(JstpConnection))
        {
            return Expression.Property(frame, nameof(CallFrame.Connection));
        }

        if (type == typeof(CancellationToken))
        {
            return Expression.Property(frame, nameof(CallFrame.CancellationToken));
        }

        if (parameter.IsDefined(typeof(ParamArrayAttribute)) && type.IsArray)
        {
            arity.AddRest();
            Type element = type.GetElementType()!;

            return Expression.Call(frame, FrameMethod(nameof(CallFrame.Rest), element), reader, Expression.Constant(serializer.GetConverter(element), typeof(MdsfConverter<>).MakeGenericType(element)));
        }

        if (parameter.HasDefaultValue)
        {
            arity.AddOptional();
            object? value = parameter.DefaultValue ?? (type.IsValueType ? Activator.CreateInstance(type) : null);

            return Expression.Call(
                frame, FrameMethod(nameof(CallFrame.NextOr), type), reader, Converter(parameter), Expression.Convert(Expression.Constant(value), type));
        }

        arity.AddRequired();

        return Expression.Call(frame, FrameMethod(nameof(CallFrame.Next), type), reader, Converter(parameter));
    }

    private Expression Complete(Expression call, Type returnType, ParameterExpression frame)
    {
        if (returnType == typeof(void))
        {
            return Expression.Block(call, Expression.Call(frame, nameof(CallFrame.Return), null));
        }

        if (returnType == typeof(Task) || returnType == typeof(ValueTask))
        {
            return Expression.Call(frame, nameof(CallFrame.ReturnTask), null, call);
        }

        if (returnType.IsGenericType && returnType.GetGenericTypeDefinition() is { } definition
            && (definition == typeof(Task<>) || definition == typeof(ValueTask<>)))
        {
            string completion = definition == typeof(Task<>) ? nameof(CallFrame.ReturnTaskOf) : nameof(CallFrame.ReturnValueTaskOf);

            return CompleteWith(completion, returnType.GetGenericArguments()[0], call, frame);
        }

        return CompleteWith(nameof(CallFrame.ReturnValue), returnType, call, frame);
    }

    private MethodCallExpression CompleteWith(string completion, Type resultType, Expression call, ParameterExpression frame) =>
        Expression.Call(frame, FrameMethod(completion, resultType), call, Expression.Constant(ResultWriterFactory.Create(resultType, serializer)));

    // Of the parameter, not of its type: only the parameter says whether null will do.
    private ConstantExpression Converter(ParameterInfo parameter) =>
        Expression.Constant(serializer.GetConverter(parameter), typeof(MdsfConverter<>).MakeGenericType(parameter.ParameterType));

    private static MethodInfo FrameMethod(string name, Type type) => typeof(CallFrame).GetMethod(name)!.MakeGenericMethod(type);
}
