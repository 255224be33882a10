package dev.dualwrite.sql;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A reader that counts its steps: the methods that it enters, the ends of its loops, and the characters that it has a string
 * look at. It is the real one, loaded a second time. Of one thread.
 */
public final class Steps {
    private static final String HERE = "dev/dualwrite/sql/Steps";
    private static final String PACKAGE = "dev.dualwrite.sql.";

    private static long count;

    private final Object reader;
    private final Method read;

    Steps(SqlDialect dialect) throws ReflectiveOperationException {
        Counting classes = new Counting();
        Class<?> kind = classes.loadClass(SqlDialect.Server.class.getName());
        Constructor<?> dialects = classes.loadClass(SqlDialect.class.getName()).getDeclaredConstructors()[0];
        Object same = dialects.newInstance(
                kind.getMethod("valueOf", String.class)
                        .invoke(null, dialect.server().name()),
                dialect.version(),
                dialect.ansiQuotes(),
                dialect.noBackslashEscapes());
        Class<?> type = classes.loadClass(StatementReader.class.getName());
        this.reader = type.getConstructors()[0].newInstance(same);
        this.read = type.getMethod("read", String.class);
    }

    /** How many it takes to read this. */
    long of(String sql) throws ReflectiveOperationException {
        count = 0;
        try {
            read.invoke(reader, sql);
        } catch (InvocationTargetException e) {
            throw new AssertionError("reading " + sql, e.getCause());
        }
        return count;
    }

    /** Called by what was loaded. */
    public static void step() {
        count++;
    }

    /** Called by what was loaded. */
    public static int indexOf(String text, String part, int from) {
        int found = text.indexOf(part, from);
        count += (found < 0 ? text.length() : found) - from;
        return found;
    }

    /** Called by what was loaded. */
    public static String substring(String text, int from, int to) {
        count += to - from;
        return text.substring(from, to);
    }

    private static final class Counting extends ClassLoader {
        Counting() {
            super(Steps.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PACKAGE) || name.equals(Steps.class.getName())) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                ClassReader reader = new ClassReader(in);
                ClassWriter writer = new ClassWriter(reader, 0);
                reader.accept(new Instrumented(writer), 0);
                byte[] code = writer.toByteArray();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static final class Instrumented extends ClassVisitor {
        Instrumented(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new Code(super.visitMethod(access, name, descriptor, signature, exceptions));
        }
    }

    private static final class Code extends MethodVisitor {
        private final Set<Label> behind = new HashSet<>();

        Code(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        private void step() {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, HERE, "step", "()V", false);
        }

        @Override
        public void visitCode() {
            super.visitCode();
            step();
        }

        @Override
        public void visitLabel(Label label) {
            behind.add(label);
            super.visitLabel(label);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            if (behind.contains(label)) {
                step();
            }
            super.visitJumpInsn(opcode, label);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            boolean text = owner.equals("java/lang/String");
            if (text && name.equals("indexOf") && descriptor.equals("(Ljava/lang/String;I)I")) {
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, HERE, name, "(Ljava/lang/String;Ljava/lang/String;I)I", false);
            } else if (text && name.equals("substring") && descriptor.equals("(II)Ljava/lang/String;")) {
                super.visitMethodInsn(
                        Opcodes.INVOKESTATIC, HERE, name, "(Ljava/lang/String;II)Ljava/lang/String;", false);
            } else {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        }
    }
}
