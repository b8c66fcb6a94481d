// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "../Bits.sol";

/// @title The words of the device text, as docs/device-text.md lists them: no symbol is one, and no name of a parameter that is one is shown.
library Keywords {
    /// As long as a name is shown.
    uint256 private constant MOST = 14;
    uint256 private constant SMALL = 0x2020202020202020202020202020;

    /// @notice Whether the `size` letters and digits that begin a word, followed by zeros, are a word of the text whatever their case, or like `item2`.
    function has(uint256 text, uint256 size) internal pure returns (bool) {
        unchecked {
            if (size < 2 || size > MOST) return false;
            // Digits have the bit that makes a letter small.
            uint256 word = (text >> (256 - 8 * size)) | (SMALL >> (8 * (MOST - size)));
            if (size > 4 && word >> (8 * (size - 4)) == uint32(bytes4("item"))) return digits(word, size - 4);
            if (size == 2)
                return
                    (Bits.same(word, uint16(bytes2("as"))) |
                        Bits.same(word, uint16(bytes2("at"))) |
                        Bits.same(word, uint16(bytes2("if"))) |
                        Bits.same(word, uint16(bytes2("in"))) |
                        Bits.same(word, uint16(bytes2("is"))) |
                        Bits.same(word, uint16(bytes2("no"))) |
                        Bits.same(word, uint16(bytes2("of"))) |
                        Bits.same(word, uint16(bytes2("on"))) |
                        Bits.same(word, uint16(bytes2("op"))) |
                        Bits.same(word, uint16(bytes2("or")))) != 0;
            if (size == 3)
                return
                    (Bits.same(word, uint24(bytes3("all"))) |
                        Bits.same(word, uint24(bytes3("and"))) |
                        Bits.same(word, uint24(bytes3("any"))) |
                        Bits.same(word, uint24(bytes3("arg"))) |
                        Bits.same(word, uint24(bytes3("day"))) |
                        Bits.same(word, uint24(bytes3("dec"))) |
                        Bits.same(word, uint24(bytes3("end"))) |
                        Bits.same(word, uint24(bytes3("eth"))) |
                        Bits.same(word, uint24(bytes3("gap"))) |
                        Bits.same(word, uint24(bytes3("key"))) |
                        Bits.same(word, uint24(bytes3("max"))) |
                        Bits.same(word, uint24(bytes3("not"))) |
                        Bits.same(word, uint24(bytes3("now"))) |
                        Bits.same(word, uint24(bytes3("per"))) |
                        Bits.same(word, uint24(bytes3("sum"))) |
                        Bits.same(word, uint24(bytes3("tag"))) |
                        Bits.same(word, uint24(bytes3("utc"))) |
                        Bits.same(word, uint24(bytes3("wei")))) != 0;
            if (size == 4)
                return
                    (Bits.same(word, uint32(bytes4("base"))) |
                        Bits.same(word, uint32(bytes4("call"))) |
                        Bits.same(word, uint32(bytes4("days"))) |
                        Bits.same(word, uint32(bytes4("deny"))) |
                        Bits.same(word, uint32(bytes4("does"))) |
                        Bits.same(word, uint32(bytes4("each"))) |
                        Bits.same(word, uint32(bytes4("fees"))) |
                        Bits.same(word, uint32(bytes4("from"))) |
                        Bits.same(word, uint32(bytes4("gwei"))) |
                        Bits.same(word, uint32(bytes4("hour"))) |
                        Bits.same(word, uint32(bytes4("item"))) |
                        Bits.same(word, uint32(bytes4("keys"))) |
                        Bits.same(word, uint32(bytes4("only"))) |
                        Bits.same(word, uint32(bytes4("root"))) |
                        Bits.same(word, uint32(bytes4("rule"))) |
                        Bits.same(word, uint32(bytes4("send"))) |
                        Bits.same(word, uint32(bytes4("sold"))) |
                        Bits.same(word, uint32(bytes4("true"))) |
                        Bits.same(word, uint32(bytes4("week"))) |
                        Bits.same(word, uint32(bytes4("with")))) != 0;
            if (size == 5)
                return
                    (Bits.same(word, uint40(bytes5("agent"))) |
                        Bits.same(word, uint40(bytes5("allow"))) |
                        Bits.same(word, uint40(bytes5("asset"))) |
                        Bits.same(word, uint40(bytes5("bytes"))) |
                        Bits.same(word, uint40(bytes5("calls"))) |
                        Bits.same(word, uint40(bytes5("chain"))) |
                        Bits.same(word, uint40(bytes5("count"))) |
                        Bits.same(word, uint40(bytes5("every"))) |
                        Bits.same(word, uint40(bytes5("false"))) |
                        Bits.same(word, uint40(bytes5("grant"))) |
                        Bits.same(word, uint40(bytes5("hours"))) |
                        Bits.same(word, uint40(bytes5("lines"))) |
                        Bits.same(word, uint40(bytes5("rules"))) |
                        Bits.same(word, uint40(bytes5("start"))) |
                        Bits.same(word, uint40(bytes5("token"))) |
                        Bits.same(word, uint40(bytes5("total"))) |
                        Bits.same(word, uint40(bytes5("units"))) |
                        Bits.same(word, uint40(bytes5("until")))) != 0;
            if (size == 6)
                return
                    (Bits.same(word, uint48(bytes6("before"))) |
                        Bits.same(word, uint48(bytes6("entity"))) |
                        Bits.same(word, uint48(bytes6("length"))) |
                        Bits.same(word, uint48(bytes6("minute"))) |
                        Bits.same(word, uint48(bytes6("module"))) |
                        Bits.same(word, uint48(bytes6("number"))) |
                        Bits.same(word, uint48(bytes6("packed"))) |
                        Bits.same(word, uint48(bytes6("revoke"))) |
                        Bits.same(word, uint48(bytes6("second"))) |
                        Bits.same(word, uint48(bytes6("shared"))) |
                        Bits.same(word, uint48(bytes6("starts")))) != 0;
            if (size == 7)
                return
                    (Bits.same(word, uint56(bytes7("account"))) |
                        Bits.same(word, uint56(bytes7("command"))) |
                        Bits.same(word, uint56(bytes7("minutes"))) |
                        Bits.same(word, uint56(bytes7("rolling"))) |
                        Bits.same(word, uint56(bytes7("seconds")))) != 0;
            if (size == 8)
                return (Bits.same(word, uint64(bytes8("commands"))) | Bits.same(word, uint64(bytes8("selector")))) != 0;
            if (size == 9)
                return
                    (Bits.same(word, uint72(bytes9("sponsored"))) |
                        Bits.same(word, uint72(bytes9("unchecked"))) |
                        Bits.same(word, uint72(bytes9("unlimited")))) != 0;
            return false;
        }
    }

    /// @dev Whether the last `count` bytes are digits.
    function digits(uint256 word, uint256 count) private pure returns (bool) {
        unchecked {
            for (; count != 0; --count) {
                if (uint256(uint8(word)) - 0x30 > 9) return false;
                word >>= 8;
            }
            return true;
        }
    }
}
