// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AmountText} from "./AmountText.sol";
import {Glyphs} from "./Glyphs.sol";
import {HexText} from "./HexText.sol";
import {Lists} from "../Lists.sol";
import {Memory} from "../Memory.sol";
import {NumberText} from "./NumberText.sol";
import {Operands} from "../Operands.sol";
import {Pen} from "./Pen.sol";
import {Places} from "../Places.sol";
import {Sheet} from "./Sheet.sol";
import {Trail} from "./Trail.sol";
import {Types} from "./Types.sol";
import {Words} from "./Words.sol";

/// @title Places, byte strings, collections and single values as words. Each function writes what stands at `p` and gives the position behind it.
library OperandText {
    // ---------------------------------------------------------------- places

    /// @notice A byte string, or a part of it.
    function bytes_(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            bool ofArgument;
            (next, , ofArgument) = Trail.place(p);
            Trail.show(ofArgument);
            uint256 flags = Memory.one(next);
            ++next;
            if (flags == 0) return next;
            uint256 token = Glyphs.join(Words.BRACKET, bound(flags & Places.START_FROM_END, Memory.number(next, 2)));
            token = Glyphs.join(token, Words.COLON);
            next += 2;
            if (flags & Places.END != 0) {
                token = Glyphs.join(token, bound(flags & Places.END_FROM_END, Memory.number(next, 2)));
                next += 2;
            }
            Pen.soft(Glyphs.join(token, Words.BRACKET_CLOSE));
        }
    }

    /// @dev One end of a range.
    function bound(uint256 fromEnd, uint256 value) private pure returns (uint256) {
        uint256 token = NumberText.digits(value);
        return fromEnd == 0 ? token : Glyphs.join(Words.MINUS, token);
    }

    /// @notice A place that is a `bytes[]`.
    function listOfBytes(uint256 p) internal pure returns (uint256 next) {
        bool ofArgument;
        (next, , ofArgument) = Trail.place(p);
        Trail.show(ofArgument);
    }

    /// @dev Follows an array to its node, and does not show it yet.
    function array(uint256 p) private pure returns (uint256 next, bool ofArgument) {
        unchecked {
            uint256 offset;
            (next, offset, ofArgument) = Trail.place(p + 1);
            if (Memory.one(p) == Lists.WORDS) {
                Trail.words(offset, Memory.one(next), Memory.one(next + 1));
                return (next + 2, ofArgument);
            }
        }
    }

    /// @notice A collection, and what its elements are.
    function collection(uint256 p) internal pure returns (uint256 next, uint256 elements) {
        unchecked {
            if (Memory.one(p) == Lists.PACKED) {
                // What is written first stands last.
                uint256 place = p + 1;
                p = rangeEnd(place);
                elements = Memory.one(p);
                Pen.word(NumberText.digits(elements));
                Pen.more(Words.BYTES);
                Pen.word(Words.GAP);
                Pen.more(NumberText.digits(Memory.one(p + 1)));
                Pen.word(Words.IN);
                bytes_(place);
                return (p + 2, Trail.PACKED + elements);
            }
            bool ofArgument;
            (next, ofArgument) = array(p);
            elements = Types.childOf(Memory.word(Sheet.NODE));
            Trail.show(ofArgument);
        }
    }

    /// @notice The position behind a place.
    function placeEnd(uint256 p) internal pure returns (uint256) {
        unchecked {
            return p + 2 + (Memory.one(p) == Places.HEADS ? 0 : 3 * Memory.one(p + 1));
        }
    }

    /// @notice The position behind `place ‖ range`.
    function rangeEnd(uint256 p) internal pure returns (uint256) {
        unchecked {
            p = placeEnd(p);
            uint256 flags = Memory.one(p);
            if (flags == 0) return p + 1;
            return p + (flags & Places.END == 0 ? 3 : 5);
        }
    }

    function length(uint256 p) private pure returns (uint256 next) {
        unchecked {
            uint256 form = Memory.one(p);
            if (form == Lists.ARRAY || form == Lists.BYTES) {
                Pen.word(Words.LENGTH);
                Pen.word(Words.OF);
                if (form == Lists.BYTES) return bytes_(p + 1);
                bool ofArgument;
                (next, ofArgument) = array(p);
                Trail.show(ofArgument);
                return next;
            }
            Pen.word(Words.NUMBER);
            Pen.word(Words.OF);
            if (form == Lists.PACKED) {
                (next, ) = collection(p);
                return next;
            }
            Pen.word(Words.CALLS);
            Pen.word(Words.IN);
            return bytes_(p + 1);
        }
    }

    // ---------------------------------------------------------------- operands

    function operand(uint256 p) internal pure returns (uint256 next) {
        unchecked {
            uint256 op = Memory.one(p);
            if (op == Operands.WORD) return Trail.ofWord(p + 1);
            if (op < Operands.WORD) return constant_(p, op);
            if (op > Operands.PACKED_ELEMENT) {
                environment(op);
                return p + 1;
            }
            if (op == Operands.PATH) return Trail.ofPath(p + 1);
            if (op == Operands.ELEMENT) return Trail.ofElement(p + 1);
            if (op == Operands.LENGTH) return length(p + 1);
            if (op == Operands.SLICE) return bytes_(p + 1);
            if (op == Operands.MASK) return mask(p + 1);
            if (op == Operands.SUM) {
                bool ofArgument;
                Pen.word(Words.SUM);
                Pen.word(Words.OF);
                (next, ofArgument) = array(p + 1);
                return Trail.ofEach(next, ofArgument);
            }
            // depth1 ‖ size1
            uint256 depth = Memory.one(p + 1);
            Pen.word(Trail.itemName(Memory.word(Sheet.DEPTH) - depth));
            return p + 3;
        }
    }

    function constant_(uint256 p, uint256 op) private pure returns (uint256) {
        unchecked {
            uint256 size = Memory.one(p + 1);
            if (op == Operands.ADDRESS) {
                value(p + 1, op, 20, 0);
                return p + 21;
            }
            if (op == Operands.BOOL) {
                value(p + 1, op, 1, 0);
                return p + 2;
            }
            if (op == Operands.AMOUNT) {
                uint256 asset = size;
                size = Memory.one(p + 2);
                value(p + 3, op, size, asset);
                return p + 3 + size;
            }
            if (op == Operands.NEGATIVE) NumberText.write(Memory.number(p + 2, size), 0, NumberText.WORD, Words.MINUS);
            else value(p + 2, op, size, 0);
            return p + 2 + size;
        }
    }

    /// @notice A constant of `size` bytes at `p` in a form; `asset` is an amount's.
    function value(uint256 p, uint256 form, uint256 size, uint256 asset) internal pure {
        unchecked {
            uint256 number = Memory.number(p, size);
            if (form == Operands.ADDRESS) return party(number);
            if (form == Operands.BOOL) return Pen.word(number == 0 ? Words.FALSE : Words.TRUE);
            if (form == Operands.AMOUNT) return AmountText.write(number, asset, NumberText.WORD, NumberText.MORE);
            if (form == Operands.BYTES) {
                // Twenty bytes are else an address.
                if (size == 20) Pen.word(Words.BYTES);
                return HexText.bytes_(p, size);
            }
            if (form == Operands.NEGATIVE && number >> (8 * size - 1) == 1) {
                number = (1 << (8 * size)) - number;
                return NumberText.write(number, 0, NumberText.WORD, Words.MINUS);
            }
            NumberText.write(number, 0, NumberText.WORD, 0);
        }
    }

    /// @notice A token's symbol, or an address in EIP-55.
    function party(uint256 account) internal pure {
        uint256 symbol = AmountText.symbolAt(account);
        if (symbol == 0) HexText.party(account);
        else Pen.word(symbol);
    }

    function environment(uint256 op) private pure {
        uint256 first = Words.VERIFICATION_GAS;
        uint256 second = 0;
        if (op == Operands.VALUE) first = Words.CALL_VALUE;
        else if (op == Operands.ACCOUNT) first = Words.ACCOUNT;
        else if (op == Operands.KEY) first = Words.KEY;
        else if (op == Operands.CALL_GAS) first = Words.CALL_GAS;
        else if (op == Operands.MAX_FEE) first = Words.MAX_FEE;
        else if (op == Operands.PRE_VERIFICATION_GAS)
            (first, second) = (Words.PRE_VERIFICATION_GAS, Words.PRE_VERIFICATION_GAS_2);
        else if (op == Operands.MAX_FEE + 1) (first, second) = (Words.PRIORITY_FEE, Words.PRIORITY_FEE_2);
        else second = Words.VERIFICATION_GAS_2;
        Pen.word(first);
        if (second == 0) return;
        Pen.newline();
        Pen.word(second);
    }

    /// @dev `length1 ‖ integer ‖ operand`: of a bytesN all N bytes, of a number as many as it has.
    function mask(uint256 p) private pure returns (uint256 next) {
        unchecked {
            uint256 size = Memory.one(p);
            uint256 at = p + 1;
            p = at + size;
            uint256 op = Memory.one(p);
            Pen.parenthesis();
            next = operand(p);
            Pen.word(Words.MASK);
            uint256 width = size;
            if (op == Operands.SLICE) width = sliceWidth(p + 1);
            else if (op == Operands.PACKED_ELEMENT) width = Memory.one(next - 1);
            else if (Memory.one(next - 1) >= 0x60) width = Memory.one(next - 1) - 0x5f;
            // Written behind what will be written, with its zeros: nothing is taken while the text grows.
            uint256 scratch = Pen.scratch();
            Memory.put(scratch, Memory.number(at, size) << (256 - 8 * width));
            HexText.bytes_(scratch, width);
            Pen.glue(Words.CLOSE);
        }
    }

    /// @dev How many bytes `place ‖ range` at `p` is: both positions from one side, or a start from the end alone.
    function sliceWidth(uint256 p) private pure returns (uint256) {
        unchecked {
            p = placeEnd(p);
            uint256 flags = Memory.one(p);
            uint256 start = Memory.number(p + 1, 2);
            if (flags & Places.END == 0) return start;
            uint256 end = Memory.number(p + 3, 2);
            return flags & Places.START_FROM_END != 0 ? start - end : end - start;
        }
    }
}
