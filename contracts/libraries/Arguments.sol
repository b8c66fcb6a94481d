// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./Bits.sol";
import {Calldata} from "./Calldata.sol";
import {Frame} from "./Frame.sol";
import {Memory} from "./Memory.sol";

/// @title Words behind the offsets of dynamic arguments, read only where the encoding is the one that a standard encoder writes.
/// @dev Types come from a leaf's descriptor, steps from its conditions: Form has checked that the steps fit the types.
library Arguments {
    uint256 internal constant WORDS = 0x01;
    uint256 internal constant BYTES = 0x02;
    uint256 internal constant ARRAY = 0x03;
    uint256 internal constant FIXED_ARRAY = 0x04;
    uint256 internal constant TUPLE = 0x05;
    uint256 internal constant ELEMENT = 1;
    uint256 internal constant LAST = 2;

    /// @notice The type to which the `count` steps at `p` lead, and the calldata position of what they lead to; `flaws` is 0 where it can be read.
    function find(uint256 p, uint256 count) internal pure returns (uint256 kind, uint256 at, uint256 flaws) {
        unchecked {
            uint256 argument = Memory.number(p + 1, 2);
            if (argument >= Frame.canonical()) {
                if (
                    tupleEnd(
                        Frame.descriptor() + 1,
                        argument + 1,
                        Frame.argumentsAt(),
                        Frame.headsEnd(),
                        Frame.dataEnd()
                    ) == 0
                ) return (0, 0, 1);
                Frame.setCanonical(argument + 1);
            }
            (kind, at) = component(Frame.descriptor() + 1, argument, Frame.argumentsAt());
            return walk(kind, at, p + 3, count - 1);
        }
    }

    /// @notice The same from a value of a type, at a calldata position in a canonical encoding; position 0 is none, and a flaw.
    function walk(
        uint256 kind,
        uint256 at,
        uint256 p,
        uint256 count
    ) internal pure returns (uint256, uint256, uint256) {
        unchecked {
            if (at == 0) return (0, 0, 1);
            for (; count != 0; --count) {
                uint256 step = Memory.number(p, 1);
                uint256 index = Memory.number(p + 1, 2);
                uint256 form = Memory.number(kind, 1);
                p += 3;
                if (form == WORDS) {
                    at += 32 * index;
                } else if (form == TUPLE) {
                    (kind, at) = component(kind + 3, index, at);
                } else {
                    uint256 length;
                    (length, kind, at) = array(kind, at);
                    if (step == LAST) index = length - 1;
                    if (index >= length) return (0, 0, 1);
                    at = element(kind, at, 32 * headWords(kind), index);
                }
            }
            return (kind, at, 0);
        }
    }

    /// @notice Whether the call's arguments, `headsEnd - argumentsAt` bytes of heads and what follows, are canonical and end where its calldata does.
    /// @param described Whether the function has a descriptor: an argument is dynamic.
    function whole(bool described) internal pure returns (bool) {
        unchecked {
            uint256 end = Frame.headsEnd();
            if (described) {
                uint256 count = Memory.number(Frame.descriptor(), 1);
                end = tupleEnd(Frame.descriptor() + 1, count, Frame.argumentsAt(), end, Frame.dataEnd());
                Frame.setCanonical(count);
            }
            return end == Frame.dataEnd();
        }
    }

    /// @notice Where member number `index` of a tuple at `base` lies, and its type.
    function component(uint256 types, uint256 index, uint256 base) private pure returns (uint256 kind, uint256 at) {
        unchecked {
            kind = types;
            at = base;
            for (; index != 0; --index) {
                uint256 word = Memory.word(kind);
                if (word >> 248 == WORDS) {
                    at += 32 * Bits.byteAt(word, 1);
                    kind += 2;
                } else {
                    at += 32;
                    kind = typeEnd(kind);
                }
            }
            if (Memory.number(kind, 1) != WORDS) at = base + Calldata.word(at);
        }
    }

    /// @notice Where element number `index` lies of those whose heads, of `stride` bytes each, begin at `base`. No type: they are not of the ABI.
    function element(uint256 kind, uint256 base, uint256 stride, uint256 index) internal pure returns (uint256 at) {
        unchecked {
            at = base + stride * index;
            if (kind != 0 && Memory.number(kind, 1) != WORDS) at = base + Calldata.word(at);
        }
    }

    /// @notice The length of an array at `at`, the type of its elements, and where they begin.
    function array(uint256 kind, uint256 at) internal pure returns (uint256 length, uint256 inner, uint256 base) {
        unchecked {
            if (Memory.number(kind, 1) == ARRAY) return (Calldata.word(at), kind + 1, at + 32);
            return (Memory.number(kind + 1, 1), kind + 2, at);
        }
    }

    /// @notice Words that a value of a type takes in the heads.
    function headWords(uint256 kind) internal pure returns (uint256) {
        unchecked {
            return Memory.number(kind, 1) == WORDS ? Memory.number(kind + 1, 1) : 1;
        }
    }

    /// @notice The position after a type.
    function typeEnd(uint256 kind) internal pure returns (uint256 next) {
        unchecked {
            uint256 form = Memory.number(kind, 1);
            if (form == WORDS) return kind + 2;
            if (form == BYTES) return kind + 1;
            if (form == ARRAY) return typeEnd(kind + 1);
            if (form == FIXED_ARRAY) return typeEnd(kind + 2);
            next = kind + 3;
            for (uint256 count = Memory.number(kind + 1, 1); count != 0; --count) next = typeEnd(next);
        }
    }

    /// @notice Where a canonical tuple ends that begins at `base` and whose heads end at `headsEnd`, of which only the first `count` members are looked at; 0 where it is not canonical.
    function tupleEnd(
        uint256 kind,
        uint256 count,
        uint256 base,
        uint256 headsEnd,
        uint256 end
    ) private pure returns (uint256 next) {
        unchecked {
            next = headsEnd;
            if (next > end) return 0;
            uint256 head = base;
            for (; count != 0; --count) {
                uint256 word = Memory.word(kind);
                if (word >> 248 == WORDS) {
                    head += 32 * Bits.byteAt(word, 1);
                    kind += 2;
                } else {
                    if (Calldata.word(head) != next - base) return 0;
                    next = valueEnd(kind, next, end);
                    if (next == 0) return 0;
                    head += 32;
                    kind = typeEnd(kind);
                }
            }
        }
    }

    /// @notice Where a canonical value of a dynamic type ends that begins at `at`; 0 where it is not canonical or goes beyond `end`.
    function valueEnd(uint256 kind, uint256 at, uint256 end) private pure returns (uint256 next) {
        unchecked {
            uint256 form = Memory.number(kind, 1);
            if (form == BYTES) {
                uint256 flaws;
                (next, flaws) = Calldata.bytesEnd(at, end);
                return flaws == 0 ? next : 0;
            }
            if (form == TUPLE)
                return tupleEnd(kind + 3, Memory.number(kind + 1, 1), at, at + 32 * Memory.number(kind + 2, 1), end);
            (uint256 length, uint256 inner, uint256 base) = array(kind, at);
            // Positions are below 2^64, so after this the product cannot wrap.
            if (length > end) return 0;
            next = base + 32 * headWords(inner) * length;
            if (next > end) return 0;
            if (Memory.number(inner, 1) == WORDS) return next;
            for (uint256 head = base; length != 0; --length) {
                if (Calldata.word(head) != next - base) return 0;
                next = valueEnd(inner, next, end);
                if (next == 0) return 0;
                head += 32;
            }
        }
    }
}
