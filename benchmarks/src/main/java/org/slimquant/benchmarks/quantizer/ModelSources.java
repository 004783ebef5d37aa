package org.slimquant.benchmarks.quantizer;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/** A hundred classes to compile, with ten annotated methods each. */
final class ModelSources {

  static final int CLASSES = 100;
  static final int METHODS = 10;

  private ModelSources() {}

  /** Returns models with layers to quantize. */
  static List<JavaFileObject> models() {
    return classes(
        "Model",
        """
        package models;

        import org.slimquant.annotations.QuantInt8;
        import org.tensorflow.Operand;
        import org.tensorflow.op.Ops;
        import org.tensorflow.types.TFloat32;

        class %s {
          private final Ops tf;

          %1$s(Ops tf) {
            this.tf = tf;
          }
        %s}
        """,
        """

          @QuantInt8(bits = 8, frac = -7, outputFrac = -5)
          protected Operand<TFloat32> layer%d(Operand<TFloat32> features) {
            return tf.nn.relu(features);
          }
        """);
  }

  /** Returns AutoValue classes with methods to memoize. */
  static List<JavaFileObject> memoized() {
    return values("@Memoized");
  }

  /** Returns the same AutoValue classes without the annotation of the methods. */
  static List<JavaFileObject> plain() {
    return values("");
  }

  private static List<JavaFileObject> values(String annotation) {
    return classes(
        "Value",
        """
        package values;

        import com.google.auto.value.AutoValue;
        import com.google.auto.value.extension.memoized.Memoized;

        @AutoValue
        abstract class %s {
          abstract String name();
        %s}
        """,
        """

          %s
          protected String method%%d() {
            return name().strip();
          }
        """
            .formatted(annotation));
  }

  private static List<JavaFileObject> classes(String prefix, String classText, String methodText) {
    String methods =
        IntStream.range(0, METHODS).mapToObj(methodText::formatted).collect(Collectors.joining());
    return IntStream.range(0, CLASSES)
        .mapToObj(
            i -> {
              String name = prefix + i;
              return source(name, classText.formatted(name, methods));
            })
        .toList();
  }

  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public String getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
