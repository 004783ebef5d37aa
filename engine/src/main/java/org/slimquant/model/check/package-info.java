/** Rules for the names, the shapes and the messages of a model. They do not depend on the model. */
@NullMarked
package org.slimquant.model.check;

import org.jspecify.annotations.NullMarked;
