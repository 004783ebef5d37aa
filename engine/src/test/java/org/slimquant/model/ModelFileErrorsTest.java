package org.slimquant.model;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.model.proto.ModelBody;
import org.slimquant.model.proto.ModelFile;
import org.slimquant.model.proto.WindowRecord;
import org.slimquant.model.testing.TinyModel;

/** Tests the refusals of files that are not models of this version. */
final class ModelFileErrorsTest {

  private static final Path NAME = Path.of("model.bin");

  // Indices in the list of ops of TinyModel.
  private static final int CONV = 0;
  private static final int POOL = 1;
  private static final int ADD = 4;
  private static final int CONCAT = 5;
  private static final int DENSE = TinyModel.model().ops().size() - 1;

  private static final int OPS = TinyModel.model().ops().size();

  private final Path directory;

  ModelFileErrorsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void noFileToRead() {
    assertThrows(NoSuchFileException.class, () -> IntegerModel.read(directory.resolve("model")));
  }

  @Test
  void foreignFiles() throws IOException {
    Path file = directory.resolve("model");
    for (byte[] bytes :
        List.of(new byte[0], new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10}, new byte[4096])) {
      Files.write(file, bytes);
      assertThat(assertThrows(ModelFormatException.class, () -> IntegerModel.read(file)))
          .hasMessageThat()
          .isEqualTo(file + ": an integer model must begin with 0d \"SLMQ\", but this does not");
    }
  }

  @Test
  void newerFile() {
    ModelFile file =
        ModelFile.newBuilder()
            .setMagic(ModelWriter.MAGIC)
            .setVersion(4)
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build())
            .build();
    assertFails(
        file, "version must be at most 3 to be read by this version of SlimQuant, but is 4");
  }

  @Test
  void noVersion() {
    assertFails(
        ModelFile.newBuilder().setMagic(ModelWriter.MAGIC).build(),
        "an integer model must give its version, but this does not");
  }

  @Test
  void wrongChecksum() throws IOException {
    ModelFile file = ModelFile.parseFrom(ModelWriter.bytes(TinyModel.model()));
    String message = "an integer model must have its checksum, but has another: it is damaged";
    assertFails(file.toBuilder().setChecksum(file.getChecksum() + 1).build(), message);
    assertFails(file.toBuilder().clearChecksum().build(), message);
    assertFails(file.toBuilder().clearModel().build(), message);
  }

  @Test
  void cutAnywhere() {
    byte[] bytes = ModelWriter.bytes(TinyModel.model());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(
          ModelFormatException.class, () -> ModelReader.parse(NAME, cut, ModelLimits.DEFAULT));
    }
  }

  @Test
  void anyBitChanged() {
    byte[] bytes = ModelWriter.bytes(TinyModel.model());
    for (int i = 0; i < bytes.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = bytes.clone();
        flipped[i] ^= (byte) (1 << bit);
        assertWithMessage("byte %s, bit %s", i, bit)
            .that(
                assertThrows(
                    ModelFormatException.class,
                    () -> ModelReader.parse(NAME, flipped, ModelLimits.DEFAULT)))
            .hasMessageThat()
            .startsWith("model.bin: ");
      }
    }
  }

  /** A checksum does not help if a program wrote nonsense, so reading must report an error. */
  @Test
  void bitsOfTheBodyChangedWithTheChecksum() throws IOException {
    byte[] body =
        ModelFile.parseFrom(ModelWriter.bytes(TinyModel.model())).getModel().toByteArray();
    int errors = 0;
    for (int i = 0; i < body.length; i++) {
      byte[] flipped = body.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      byte[] bytes = file(ByteString.copyFrom(flipped)).toByteArray();
      try {
        IntegerModel model = ModelReader.parse(NAME, bytes, ModelLimits.DEFAULT);
        assertWithMessage("byte %s", i)
            .that(ModelReader.parse(NAME, ModelWriter.bytes(model), ModelLimits.DEFAULT))
            .isEqualTo(model);
      } catch (ModelFormatException e) {
        errors++;
      }
    }
    assertThat(errors).isGreaterThan(body.length / 8);
  }

  @Test
  void missingFields() {
    assertEditFails(ModelBody.Builder::clearName, "a model must have the field name, but lacks it");
    assertEditFails(
        ModelBody.Builder::clearInputs, "a model must have the field inputs, but lacks it");
    assertEditFails(
        ModelBody.Builder::clearOutputs, "a model must have the field outputs, but lacks it");
    assertEditFails(body -> body.setInputs(0), "a model must have an input, but has 0");
    assertEditFails(
        body -> body.setInputs(Integer.MAX_VALUE),
        "a model of %d ops must have %d tensors, but has %d"
            .formatted(OPS, OPS + (1L << 31) - 1, OPS + 1));
    assertEditFails(
        body -> body.getTensorBuilder(1).clearName(),
        "a tensor must have the field name, but lacks it");
    assertEditFails(
        body -> body.getTensorBuilder(1).clearExponent(),
        "tensor relu1:0 must have the field exponent, but lacks it");
    assertEditFails(
        body -> body.getOpBuilder(CONV).clearName(),
        "an op must have the field name, but lacks it");
    assertEditFails(
        body -> body.getOpBuilder(CONV).clearMin(),
        "op conv1 must have the field min, but lacks it");
    assertEditFails(
        body -> body.getOpBuilder(CONV).clearKind(), "op conv1 must have a kind, but has none");
    assertEditFails(
        body -> body.getOpBuilder(CONV).getConv2DBuilder().clearWindow(),
        "op conv1 must have the field window, but lacks it");
    assertEditFails(
        body -> window(body).clearTop(), "op conv1 must have the field top, but lacks it");
    assertEditFails(
        body -> body.getKernelBuilder(0).clearCode(),
        "kernel 0 of the model must have the field code, but lacks it");
    assertEditFails(
        body -> body.getOpBuilder(CONV).getConv2DBuilder().clearKernel(),
        "op conv1 must have the field kernel, but lacks it");
    assertEditFails(
        body -> body.getOpBuilder(CONV).getConv2DBuilder().clearBias(),
        "op conv1 must have the field bias, but lacks it");
    assertEditFails(
        body -> body.getOpBuilder(CONCAT).getConcatBuilder().clearAxis(),
        "op concat must have the field axis, but lacks it");
    assertEditFails(
        body -> body.removeTensor(3),
        "a model of %d ops must have %d tensors, but has %d".formatted(OPS, OPS + 1, OPS));
  }

  @Test
  void fieldsOfOtherVersions() {
    assertEditFails(
        body -> body.setOutput(1),
        "a model must not have the field output, which is one of another version of the file");
    for (int version : new int[] {1, 2}) {
      assertEditFails(
          version,
          body -> body.setOutput(1).clearOutputs(),
          "a model must not have the field inputs, which is one of another version of the file");
      assertEditFails(
          version,
          body -> body.setOutput(1).clearInputs(),
          "a model must not have the field outputs, which is one of another version of the file");
      assertEditFails(
          version,
          body -> body.clearInputs().clearOutputs(),
          "a model must have the field output, but lacks it");
    }
  }

  @Test
  void outputListedTwice() {
    assertEditFails(
        body -> body.addOutputs(body.getOutputs(0)),
        "the outputs of model small must be different tensors, but logits:0 is listed twice; list it once");
  }

  @Test
  void referencesThatLeadNowhere() {
    assertEditFails(
        body -> body.setOutputs(0, OPS + 1),
        "a model must refer to one of %d tensors, but refers to number %d"
            .formatted(OPS + 1, OPS + 1));
    assertEditFails(
        body -> body.getOpBuilder(POOL).setInput(0, 2),
        "op pool must refer to one of 2 tensors, but refers to number 2");
    assertEditFails(
        body -> body.getOpBuilder(POOL).setInput(0, -1),
        "op pool must refer to one of 2 tensors, but refers to number -1");
    assertEditFails(
        body -> body.getOpBuilder(ADD).addInput(0), "op add must have 2 inputs, but has 3");
    assertEditFails(
        body -> body.getOpBuilder(CONV).getConv2DBuilder().setKernel(3),
        "op conv1 must refer to one of 3 kernels, but refers to number 3");
    assertEditFails(
        body -> body.getOpBuilder(CONV).getConv2DBuilder().setBias(-1),
        "op conv1 must refer to one of 3 biases, but refers to number -1");
    assertEditFails(
        body -> body.getOpBuilder(CONV).clearInput(), "op conv1 must have 1 inputs, but has 0");
  }

  @Test
  void valuesOutOfRange() {
    assertEditFails(
        body -> body.getTensorBuilder(1).setBits(17),
        "tensor relu1:0: bits must be between 2 and 16, but is 17");
    assertEditFails(
        body -> body.getTensorBuilder(1).setShape(0, -1),
        "the dimensions of tensor relu1:0 must be positive, but are [-1, 4, 2]");
    assertEditFails(
        body ->
            body.getKernelBuilder(0)
                .setCode(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, -128})),
        "kernel 0 of the model: the codes of a kernel of 8 bits must be between -127 and 127, but code 7 is -128");
    assertEditFails(
        body -> body.getKernelBuilder(0).setCode(ByteString.copyFrom(new byte[7])),
        "kernel 0 of the model: a kernel of shape [2, 2, 1, 2] must have 8 codes, but has 7");
    assertEditFails(
        body ->
            body.getKernelBuilder(body.getOp(DENSE).getDense().getKernel())
                .setCode(ByteString.copyFrom(new byte[23])),
        "kernel 2 of the model must have 2 bytes for each code, but has 23 in all");
    assertEditFails(
        body -> body.getBiasBuilder(0).addCode(1),
        "op conv1 (Conv2D) must have a bias for each of its 2 output channels, but has 3");
    assertEditFails(
        body -> window(body).setTop(-1),
        "op conv1: a padding must be between 0 and 268435456, but is -1");
    assertEditFails(
        body -> body.getOpBuilder(CONV).setMin(128),
        "op conv1: a range of codes must not be empty, but is 128 .. 127");
    assertEditFails(
        body -> body.getOpBuilder(CONV).setMax(128),
        "op conv1 (Conv2D) must clamp to codes of its output relu1:0 [4, 4, 2] int8 * 2^-4, but clamps to 0 .. 128");
  }

  @Test
  void unknownFields() {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    assertEditFails(
        body -> body.setUnknownFields(unknown),
        "an integer model must have known fields only, but ModelBody has number 77");
    assertEditFails(
        body -> window(body).setUnknownFields(unknown),
        "an integer model must have known fields only, but WindowRecord has number 77");
  }

  @Test
  void hugeSizesAllocateNothing() {
    byte[] kernel =
        edited(
            body ->
                body.getKernelBuilder(0).clearShape().addAllShape(List.of(1 << 14, 1 << 14, 1, 1)));
    byte[] image = edited(body -> body.getTensorBuilder(0).setShape(0, 1 << 26));
    byte[] overflow =
        edited(body -> body.getTensorBuilder(0).clearShape().addShape(1 << 16).addShape(1 << 16));
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = bean.getThreadAllocatedBytes(thread);

    for (byte[] bytes : List.of(kernel, image, overflow)) {
      assertThrows(
          ModelFormatException.class, () -> ModelReader.parse(NAME, bytes, ModelLimits.DEFAULT));
    }

    assertThat(bean.getThreadAllocatedBytes(thread) - before).isLessThan(1 << 20);
  }

  private static WindowRecord.Builder window(ModelBody.Builder body) {
    return body.getOpBuilder(CONV).getConv2DBuilder().getWindowBuilder();
  }

  private static byte[] edited(Consumer<ModelBody.Builder> edit) {
    return edited(ModelWriter.VERSION, edit);
  }

  private static byte[] edited(int version, Consumer<ModelBody.Builder> edit) {
    try {
      ModelBody.Builder body =
          ModelBody.newBuilder()
              .mergeFrom(ModelFile.parseFrom(ModelWriter.bytes(TinyModel.model())).getModel());
      edit.accept(body);
      return file(body.build().toByteString()).toBuilder()
          .setVersion(version)
          .build()
          .toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static ModelFile file(ByteString body) {
    return ModelFile.newBuilder()
        .setMagic(ModelWriter.MAGIC)
        .setVersion(ModelWriter.VERSION)
        .setChecksum(ModelWriter.checksum(body))
        .setModel(body)
        .build();
  }

  private static void assertEditFails(Consumer<ModelBody.Builder> edit, String message) {
    assertFails(edited(edit), message);
  }

  private static void assertEditFails(
      int version, Consumer<ModelBody.Builder> edit, String message) {
    assertFails(edited(version, edit), message);
  }

  private static void assertFails(ModelFile file, String message) {
    assertFails(file.toByteArray(), message);
  }

  private static void assertFails(byte[] bytes, String message) {
    assertThat(
            assertThrows(
                ModelFormatException.class,
                () -> ModelReader.parse(NAME, bytes, ModelLimits.DEFAULT)))
        .hasMessageThat()
        .isEqualTo(NAME + ": " + message);
  }
}
