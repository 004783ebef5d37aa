package org.slimquant.runtime;

import java.lang.reflect.Field;
import java.util.Optional;
import org.tensorflow.Session;

/**
 * Tells whether a session has run any of its graph's initializers.
 *
 * <p>{@link Session} counts them in a private field: every run and every restore sets it. If the
 * field cannot be read, nothing is claimed.
 */
final class SessionInitializers {

  private static final Optional<Field> COUNT = count();

  private SessionInitializers() {}

  /**
   * Returns whether a session, of a graph that has initializers, has neither run an op nor restored
   * a checkpoint, if that can be known.
   */
  static boolean noneRan(Session session) {
    return COUNT.isPresent() && read(COUNT.get(), session) == 0;
  }

  private static int read(Field count, Session session) {
    try {
      return count.getInt(session);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e); // the field was made accessible
    }
  }

  private static Optional<Field> count() {
    try {
      Field field = Session.class.getDeclaredField("ranInitializersMarker");
      return field.getType() == int.class && field.trySetAccessible()
          ? Optional.of(field)
          : Optional.empty();
    } catch (NoSuchFieldException e) {
      return Optional.empty();
    }
  }
}
