// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AmountText} from "./AmountText.sol";
import {Conditions} from "../Conditions.sol";
import {HexText} from "./HexText.sol";
import {Lists} from "../Lists.sol";
import {Memory} from "../Memory.sol";
import {Names} from "./Names.sol";
import {NumberText} from "./NumberText.sol";
import {OperandText} from "./OperandText.sol";
import {Operands} from "../Operands.sol";
import {Pen} from "./Pen.sol";
import {Sheet} from "./Sheet.sol";
import {Sums} from "../Sums.sol";
import {Trail} from "./Trail.sol";
import {Types} from "./Types.sol";
import {Words} from "./Words.sol";

/// @title Conditions and sums as words. Each function writes what stands at `p` and gives the position behind it.
library ConditionText {
    // ---------------------------------------------------------------- conditions

    /// @notice `count` conditions all of which must hold.
    function conjuncts(uint256 p, uint256 count) internal pure returns (uint256) {
        return list(p, count, Words.AND, count > 1);
    }

    /// @dev Conditions with a word between them; as `parts`, what is itself made of several stands in parentheses.
    function list(uint256 p, uint256 count, uint256 between, bool parts) private pure returns (uint256) {
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                if (i != 0) Pen.word(between);
                uint256 op = Memory.one(p);
                if (parts && (op == Conditions.AND || op == Conditions.AND + 1)) {
                    Pen.parenthesis();
                    p = condition(p);
                    Pen.glue(Words.CLOSE);
                } else {
                    p = condition(p);
                }
            }
            return p;
        }
    }

    function condition(uint256 p) internal pure returns (uint256) {
        unchecked {
            uint256 op = Memory.one(p);
            if (op > 0x0f && op < Conditions.IN) {
                p = OperandText.operand(p + 1);
                // 0x16 to 0x19 are the signed ones of 0x12 to 0x15.
                Pen.word(operator(op < 0x16 ? op & 15 : (op & 15) - 4));
                return OperandText.operand(p);
            }
            if (op >= Conditions.EXACT && op < Conditions.EXACT + 6)
                return terms(p + 2, Memory.one(p + 1), operator(op & 15));
            if (op == Conditions.IN || op == Conditions.IN + 1) return member(p + 1, op != Conditions.IN);
            if (op == Conditions.AND) return list(p + 2, Memory.one(p + 1), Words.AND, true);
            if (op == Conditions.AND + 1) return list(p + 2, Memory.one(p + 1), Words.OR, true);
            if (op == Conditions.TRUE || op == Conditions.TRUE + 1) {
                Pen.word(op == Conditions.TRUE ? Words.TRUE : Words.FALSE);
                return p + 1;
            }
            if (op == Conditions.AT_MOST_NOW || op == Conditions.AT_MOST_NOW + 1)
                return now_(p + 1, op == Conditions.AT_MOST_NOW);
            if (op == Conditions.EVERY || op == Conditions.EVERY + 1) return quantified(p + 1, op == Conditions.EVERY);
            return bytesComparison(p + 1, op - Conditions.SAME_BYTES);
        }
    }

    function operator(uint256 number) private pure returns (uint256) {
        if (number == 0) return Words.EQUAL;
        if (number == 1) return Words.UNEQUAL;
        if (number == 2) return Words.LESS;
        if (number == 3) return Words.AT_MOST;
        return number == 4 ? Words.MORE : Words.AT_LEAST;
    }

    function now_(uint256 p, bool atMost) private pure returns (uint256) {
        unchecked {
            p = OperandText.operand(p);
            Pen.word(atMost ? Words.AT_MOST : Words.AT_LEAST);
            Pen.word(Words.NOW);
            uint256 seconds_ = Memory.number(p, 5);
            if (seconds_ != 0) {
                Pen.word(atMost ? Words.PLUS : Words.MINUS);
                (uint256 count, uint256 unit) = AmountText.duration(seconds_);
                Pen.word(NumberText.digits(count));
                Pen.more(unit);
            }
            return p + 5;
        }
    }

    function quantified(uint256 p, bool every) private pure returns (uint256) {
        unchecked {
            uint256 depth = Memory.word(Sheet.DEPTH);
            Pen.word(every ? Words.EVERY : Words.ANY);
            Pen.word(Trail.itemName(depth + 1));
            Pen.word(Memory.one(p) == Lists.PACKED ? Words.OF : Words.IN);
            uint256 elements;
            (p, elements) = OperandText.collection(p);
            Memory.put(Sheet.ELEMENTS + 32 * depth, elements);
            Memory.put(Sheet.DEPTH, depth + 1);
            Pen.parenthesis();
            p = conjuncts(p + 1, Memory.one(p));
            Pen.glue(Words.CLOSE);
            Memory.put(Sheet.DEPTH, depth);
            return p;
        }
    }

    function bytesComparison(uint256 p, uint256 op) private pure returns (uint256) {
        unchecked {
            p = OperandText.bytes_(p);
            bool text = Types.kindOf(Memory.word(Sheet.NODE)) == Types.STRING;
            if (op < 2) {
                Pen.word(operator(op));
            } else if (op == 2) {
                Pen.word(Words.STARTS);
                Pen.word(Words.WITH);
            } else {
                Pen.word(Words.DOES);
                Pen.word(Words.NOT);
                Pen.word(Words.START);
                Pen.word(Words.WITH);
            }
            if (Memory.one(p) != 0) return OperandText.bytes_(p + 1);
            uint256 size = Memory.number(p + 1, 2);
            p += 3;
            if (text && Names.quotable(p, size)) {
                Pen.word(Words.QUOTE);
                Pen.glueAt(p, size);
                Pen.glue(Words.QUOTE);
            } else {
                HexText.bytes_(p, size);
            }
            return p + size;
        }
    }

    // ---------------------------------------------------------------- membership

    function member(uint256 p, bool negated) private pure returns (uint256) {
        unchecked {
            uint256 columns = Memory.one(p);
            uint256 first = p + 1;
            if (columns > 1) Pen.parenthesis();
            p = first;
            for (uint256 i = 0; i < columns; ++i) {
                if (i != 0) Pen.glue(Words.COMMA);
                p = OperandText.operand(p);
                // form1 ‖ [asset1] ‖ width1
                p += Memory.one(p) == Operands.AMOUNT ? 3 : 2;
            }
            if (columns > 1) Pen.glue(Words.CLOSE);
            if (negated) Pen.word(Words.NOT);
            Pen.word(Words.IN);
            uint256 rows = Memory.number(p, 2);
            p += 2;
            for (uint256 i = 0; i < rows; ++i) {
                if (i != 0) Pen.glue(Words.COMMA);
                p = row(p, first, columns);
            }
            return p;
        }
    }

    /// @dev A row of values at `p`; the columns stand at `form`.
    function row(uint256 p, uint256 form, uint256 columns) private pure returns (uint256) {
        unchecked {
            if (columns > 1) Pen.parenthesis();
            for (uint256 i = 0; i < columns; ++i) {
                if (i != 0) Pen.glue(Words.COMMA);
                form = operandEnd(form);
                uint256 kind = Memory.one(form);
                uint256 asset = 0;
                if (kind == Operands.AMOUNT) {
                    ++form;
                    asset = Memory.one(form);
                }
                uint256 width = Memory.one(form + 1);
                OperandText.value(p, kind, width, asset);
                form += 2;
                p += width;
            }
            if (columns > 1) Pen.glue(Words.CLOSE);
            return p;
        }
    }

    /// @dev The position behind an operand.
    function operandEnd(uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 op = Memory.one(p);
            if (op == Operands.WORD || op == Operands.PACKED_ELEMENT) return p + 3;
            if (op == Operands.ADDRESS) return p + 21;
            if (op == Operands.BOOL) return p + 2;
            if (op == Operands.AMOUNT) return p + 3 + Memory.one(p + 2);
            if (op < Operands.WORD) return p + 2 + Memory.one(p + 1);
            if (op > Operands.PACKED_ELEMENT) return p + 1;
            if (op == Operands.PATH) return p + 3 + 3 * Memory.one(p + 1);
            if (op == Operands.ELEMENT) return p + 4 + 3 * Memory.one(p + 2);
            if (op == Operands.SLICE) return OperandText.rangeEnd(p + 1);
            if (op == Operands.MASK) return operandEnd(p + 2 + Memory.one(p + 1));
            if (op == Operands.LENGTH) {
                uint256 form = Memory.one(p + 1);
                if (form == 0) return OperandText.placeEnd(p + 2);
                return OperandText.rangeEnd(p + 2) + (form == Lists.PACKED ? 2 : 0);
            }
            p = OperandText.placeEnd(p + 2) + (Memory.one(p + 1) == 0 ? 0 : 2);
            return p + 2 + 3 * Memory.one(p);
        }
    }

    // ---------------------------------------------------------------- sums

    /// @notice An amount that a charge counts.
    function amount(uint256 p) internal pure returns (uint256) {
        unchecked {
            if (Memory.one(p) != Sums.TERMS) return OperandText.operand(p);
            return terms(p + 2, Memory.one(p + 1), 0);
        }
    }

    /// @dev `count` terms; an operator stands before the first one of the right side.
    function terms(uint256 p, uint256 count, uint256 comparison) private pure returns (uint256) {
        unchecked {
            bool first = true;
            for (; count != 0; --count) {
                uint256 flags = Memory.one(p);
                if (flags & Sums.RIGHT != 0 && comparison != 0) {
                    Pen.word(comparison);
                    comparison = 0;
                    first = true;
                }
                if (flags & Sums.NEGATIVE != 0) Pen.word(Words.MINUS);
                else if (!first) Pen.word(Words.PLUS);
                first = false;
                p = term(p + 1, (flags >> 4) & 7, flags & Sums.TWO_FACTORS != 0);
            }
            return p;
        }
    }

    /// @dev A term's scales, outermost first, and its factors. A percentage stands before what it is of, the others behind.
    function term(uint256 p, uint256 scales, bool two) private pure returns (uint256 next) {
        unchecked {
            if (scales == 0) {
                p = OperandText.operand(p);
                if (!two) return p;
                Pen.word(Words.TIMES);
                return OperandText.operand(p);
            }
            uint256 kind = Memory.one(p);
            uint256 price = p + (kind == Sums.AT || kind == Sums.SOLD_AT ? 5 : 1);
            uint256 decimals = 0;
            if (kind != Sums.DIVIDE) {
                decimals = Memory.one(price);
                ++price;
            }
            uint256 size = Memory.one(price);
            uint256 number = Memory.number(price + 1, size);
            next = price + 1 + size;
            if (kind == Sums.PERCENT) {
                NumberText.write(number, decimals, NumberText.WORD, 0);
                Pen.glue(Words.PERCENT);
                Pen.word(Words.OF);
                bool several = scales == 1 ? two : Memory.one(next) != Sums.PERCENT;
                if (several) Pen.parenthesis();
                next = term(next, scales - 1, two);
                if (several) Pen.glue(Words.CLOSE);
                return next;
            }
            next = term(next, scales - 1, two);
            if (kind == Sums.DIVIDE) {
                Pen.word(Words.SLASH);
                NumberText.write(number, 0, NumberText.WORD, 0);
                return next;
            }
            if (kind == Sums.SOLD_AT) Pen.word(Words.SOLD);
            Pen.word(Words.AT);
            NumberText.write(number, decimals, NumberText.WORD, 0);
            AmountText.unitOf(Memory.one(p + 1), NumberText.MORE);
            Pen.word(Words.PER);
            AmountText.unitOf(Memory.one(p + 2), NumberText.WORD);
        }
    }
}
