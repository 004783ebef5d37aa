package org.slimquant.runtime.layer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The names that a model gives to calls of its layers; see {@code GraphQuantizer.named}.
 *
 * <pre>{@code
 * for (int i = 0; i < blocks; i++) {
 *   Operand<TFloat32> x = y;
 *   y = GraphQuantizer.named("block" + i, () -> block(x));
 * }
 * }</pre>
 *
 * <p>They belong to the thread and not to a quantizer, because a model knows no quantizer: the same
 * code builds the float model, in which they have no effect.
 */
public final class CallNames {

  // The names that TensorFlow accepts for an op.
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9.][A-Za-z0-9_.-]*(/[A-Za-z0-9_.-]+)*");

  private static final ThreadLocal<Deque<String>> NAMES = new ThreadLocal<>();

  private CallNames() {}

  /** Makes calls of layers whose names begin with a name. */
  public static <T> T within(String name, Supplier<T> calls) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          ("a name of calls must be made of letters, digits, '_', '.', '-' and '/', because ops are"
                  + " named after it, but is \"%s\"; choose another")
              .formatted(name));
    }
    Deque<String> names = NAMES.get();
    if (names == null) {
      names = new ArrayDeque<>();
      NAMES.set(names);
    }
    names.push(name);
    try {
      return calls.get();
    } finally {
      names.pop();
      if (names.isEmpty()) {
        NAMES.remove();
      }
    }
  }

  /** Returns the present prefix of layer names: {@code stage1/block3/}. */
  static String prefix() {
    StringBuilder prefix = new StringBuilder();
    Deque<String> names = NAMES.get();
    if (names != null) {
      for (Iterator<String> outermost = names.descendingIterator(); outermost.hasNext(); ) {
        prefix.append(outermost.next()).append('/');
      }
    }
    return prefix.toString();
  }
}
