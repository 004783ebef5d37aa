package org.slimquant.processor.model;

import com.palantir.javapoet.TypeName;
import java.util.stream.Stream;
import javax.lang.model.element.ExecutableElement;
import org.slimquant.format.FormatRequest;

/**
 * A layer method with its name, type and formats.
 *
 * @param element the method in the source
 * @param name the method's name, and the layer's in the graph
 * @param type the return type with its type annotations
 * @param result the form of the outputs
 * @param formats the formats of kernel and output
 */
public record LayerMethod(
    ExecutableElement element,
    String name,
    TypeName type,
    LayerResult result,
    Signature signature,
    LayerFormats formats) {

  /** Returns the formats of the layer and of its inputs. */
  public Stream<FormatRequest> allFormats() {
    return Stream.concat(
        formats.all(), signature.parameters().stream().flatMap(Parameter::formats));
  }
}
