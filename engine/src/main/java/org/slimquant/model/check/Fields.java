package org.slimquant.model.check;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.function.Supplier;

/** The rules for the fields of every message in a model's file. */
public final class Fields {

  private Fields() {}

  /**
   * Checks that fields are present, and that lists are not empty.
   *
   * @param what the thing that the message describes, for errors
   * @throws IllegalArgumentException if a field is missing
   */
  public static void require(Message message, String what, String... names) {
    for (String name : names) {
      FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
      if (field == null || !has(message, field)) {
        throw new IllegalArgumentException(
            "%s must have the field %s, but lacks it".formatted(what, name));
      }
    }
  }

  /**
   * Checks that fields are absent, and that lists are empty.
   *
   * @param what the thing that the message describes, for errors
   * @throws IllegalArgumentException if a field is present
   */
  public static void forbid(Message message, String what, String... names) {
    for (String name : names) {
      FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
      if (field != null && has(message, field)) {
        throw new IllegalArgumentException(
            "%s must not have the field %s, which is one of another version of the file"
                .formatted(what, name));
      }
    }
  }

  private static boolean has(Message message, FieldDescriptor field) {
    return field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : message.hasField(field);
  }

  /**
   * Returns the object that is made from a message's fields.
   *
   * @param what the thing that has the fields, for errors
   * @throws IllegalArgumentException that names {@code what}, if the fields do not fit
   */
  public static <T> T named(String what, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(what, e.getMessage()), e);
    }
  }

  /**
   * Returns the element at an index that a file gives.
   *
   * @param what the thing that has the index, for errors
   * @param things the elements of the list, in the plural, for errors
   * @throws IllegalArgumentException if there is no such element
   */
  public static <T> T element(List<T> list, int index, String what, String things) {
    if (index < 0 || index >= list.size()) {
      throw new IllegalArgumentException(
          "%s must refer to one of %d %s, but refers to number %d"
              .formatted(what, list.size(), things, index));
    }
    return list.get(index);
  }
}
