package org.slimquant.model.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.slimquant.model.proto.ModelBody;
import org.slimquant.model.proto.ModelFile;

/** Files of models with some changed fields and a correct checksum. */
public final class HostileFile {

  private static final int[] NUMBERS = {
    0,
    1,
    -1,
    2,
    3,
    7,
    8,
    16,
    17,
    32,
    255,
    1 << 16,
    1 << 24,
    1 << 28,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE
  };

  private HostileFile() {}

  /** Returns the file of a model with some of its fields changed. */
  public static byte[] of(byte[] file, Random random) {
    try {
      ModelFile message = ModelFile.parseFrom(file);
      ModelBody.Builder body = ModelBody.newBuilder().mergeFrom(message.getModel());
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        change(body, random);
      }
      return sealed(message, body.build().toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sealed(ModelFile message, ByteString body) {
    CRC32 checksum = new CRC32();
    checksum.update(body.toByteArray());
    return message.toBuilder()
        .setModel(body)
        .setChecksum((int) checksum.getValue())
        .build()
        .toByteArray();
  }

  /** Changes a field of a message, or of a message within it. */
  private static void change(Message.Builder message, Random random) {
    List<FieldDescriptor> fields = new ArrayList<>(message.getAllFields().keySet());
    if (fields.isEmpty()) {
      return;
    }
    FieldDescriptor field = fields.get(random.nextInt(fields.size()));
    if (field.isRepeated()) {
      changeList(message, field, random);
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      change(message.getFieldBuilder(field), random);
    } else if (random.nextInt(8) == 0) {
      message.clearField(field);
    } else {
      message.setField(field, value(message.getField(field), random));
    }
  }

  private static void changeList(Message.Builder message, FieldDescriptor field, Random random) {
    int count = message.getRepeatedFieldCount(field);
    int at = random.nextInt(count);
    if (random.nextInt(8) == 0) {
      message.addRepeatedField(field, message.getRepeatedField(field, at));
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      change(message.getRepeatedFieldBuilder(field, at), random);
    } else {
      message.setRepeatedField(field, at, value(message.getRepeatedField(field, at), random));
    }
  }

  private static Object value(Object old, Random random) {
    if (old instanceof Integer number) {
      return random.nextInt(3) == 0
          ? number + random.nextInt(5) - 2
          : NUMBERS[random.nextInt(NUMBERS.length)];
    } else if (old instanceof Boolean flag) {
      return !flag;
    } else if (old instanceof String text) {
      return random.nextBoolean() ? text + "!" : "";
    } else if (old instanceof ByteString bytes) {
      byte[] changed = new byte[Math.max(0, bytes.size() + random.nextInt(3) - 1)];
      random.nextBytes(changed);
      return ByteString.copyFrom(changed);
    }
    return old;
  }
}
